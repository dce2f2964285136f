import { duration, integer, text } from './define.ts'

/** The address of metrics, probes and the live page. */
export const httpSettings = {
  host: text('HTTP_HOST', {
    fallback: '127.0.0.1',
    pattern: /^[A-Za-z0-9_.:-]{1,255}$/,
    accepts: 'an address or name of this machine',
    example: '::',
    help: 'The address for metrics, probes and the page, without login; `::` is all addresses, IPv4 and IPv6.',
  }),
  port: integer('HTTP_PORT', {
    fallback: 9_464,
    min: 0,
    max: 65_535,
    help: 'The port for them; 0 is any free port, which the log reports.',
  }),
}

/** How the worker judges its own health. */
export const probeSettings = {
  intervalMs: duration('PROBE_INTERVAL_MS', {
    fallback: 5_000,
    min: 100,
    max: 600_000,
    help: 'How often the worker probes Kafka and Cassandra, for readiness and lag.',
  }),
  stallMs: duration('STALL_TIMEOUT_MS', {
    fallback: 120_000,
    min: 1_000,
    max: 3_600_000,
    help: '/live fails after this long without progress, if there is work and the worker waits for no fault to pass.',
  }),
}
