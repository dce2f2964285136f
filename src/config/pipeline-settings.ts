import { duration, integer, size } from './define.ts'

/** What is in flight, how it is batched, written, tried again and finished. */
export const pipelineSettings = {
  MAX_IN_FLIGHT_RECORDS: integer({
    fallback: 5_000,
    min: 1,
    max: 1_000_000,
    help: 'Records read and not yet settled; at this bound reading pauses (what one fetch brought is taken whole), at half of it it resumes.',
  }),
  MAX_IN_FLIGHT_BYTES: size({
    fallback: 16_777_216,
    min: 65_536,
    max: 1_073_741_824,
    help: 'The same bound in bytes of keys, values and headers.',
  }),
  BATCH_WINDOW_MS: duration({
    fallback: 0,
    min: 0,
    max: 1_000,
    help: 'How long the first record of a window waits for others to share a batch; 0: only for those that came with it.',
  }),
  BATCH_MAX_ROWS: integer({
    fallback: 100,
    min: 1,
    max: 10_000,
    help: 'Rows of one table partition written in one batch.',
  }),
  BATCH_MAX_BYTES: size({
    fallback: 131_072,
    min: 1_024,
    max: 8_388_608,
    help: 'The same bound in bytes of values; a single row is written whatever its size.',
  }),
  WRITE_CONCURRENCY: integer({
    fallback: 16,
    min: 1,
    max: 512,
    help: 'Batches written at the same time.',
  }),
  RETRY_FIRST_DELAY_MS: duration({
    fallback: 100,
    min: 1,
    max: 60_000,
    help: 'How long to wait before what failed is tried again; doubled each time.',
  }),
  RETRY_MAX_DELAY_MS: duration({
    fallback: 30_000,
    min: 1,
    max: 600_000,
    help: 'The longest wait between two tries.',
  }),
  SHUTDOWN_TIMEOUT_MS: duration({
    fallback: 25_000,
    min: 100,
    max: 600_000,
    help: 'How long a stop may take to finish what is in flight; after it the process ends with exit code 1.',
  }),
}
