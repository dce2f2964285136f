import { duration, integer, oneOf, size } from './define.ts'

/** How records are limited, batched, written, retried and committed. */
export const pipelineSettings = {
  inFlight: {
    records: integer('MAX_IN_FLIGHT_RECORDS', {
      fallback: 4_000,
      min: 1,
      max: 1_000_000,
      help: 'The maximum number of records in flight: read, but not written yet. Reading pauses at this limit and resumes at half of it.',
    }),
    bytes: size('MAX_IN_FLIGHT_BYTES', {
      fallback: 16_777_216,
      min: 65_536,
      max: 1_073_741_824,
      help: 'The same limit in bytes of keys, values and headers. One record may exceed it.',
    }),
  },
  windowMs: duration('BATCH_WINDOW_MS', {
    fallback: 0,
    min: 0,
    max: 1_000,
    help: 'How long the first record of a batch waits for others. With 0, a batch has only records that were read together.',
  }),
  batch: {
    rows: integer('BATCH_MAX_ROWS', {
      fallback: 100,
      min: 1,
      max: 10_000,
      help: 'The maximum number of rows in a batch; all belong to one table partition.',
    }),
    bytes: size('BATCH_MAX_BYTES', {
      fallback: 131_072,
      min: 1_024,
      max: 8_388_608,
      help: 'The same limit in bytes of values. A single row may exceed it.',
    }),
  },
  writeConcurrency: integer('WRITE_CONCURRENCY', {
    fallback: 16,
    min: 1,
    max: 512,
    help: 'How many batches are written at the same time.',
  }),
  writeOrder: oneOf('CASSANDRA_WRITE_TIMESTAMP', ['read', 'event'], {
    fallback: 'read',
    help: "Which of two writes to a row wins: the one read last, or the one whose event's own time of change is later.",
  }),
  commitIntervalMs: duration('COMMIT_INTERVAL_MS', {
    fallback: 1_000,
    min: 10,
    max: 60_000,
    help: 'How often offsets are committed; what was written since the last commit is written again after a crash.',
  }),
  backoff: {
    firstMs: duration('RETRY_FIRST_DELAY_MS', {
      fallback: 100,
      min: 1,
      max: 60_000,
      help: 'How long to wait before the first retry; the delay doubles with each retry.',
    }),
    capMs: duration('RETRY_MAX_DELAY_MS', {
      fallback: 30_000,
      min: 1,
      max: 600_000,
      help: 'The longest delay between two retries.',
    }),
  },
}
