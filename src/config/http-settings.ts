import { duration, integer, text } from './define.ts'

/** Where metrics, probes and the live page are served. */
export const httpSettings = {
  host: text('HTTP_HOST', {
    fallback: '127.0.0.1',
    pattern: /^[A-Za-z0-9_.:-]{1,255}$/,
    accepts: 'an address of this machine, or a name of it',
    example: '::',
    help: 'Address for metrics, probes and the page; `::` is every address, IPv4 and IPv6. They need no login.',
  }),
  port: integer('HTTP_PORT', {
    fallback: 9_464,
    min: 0,
    max: 65_535,
    help: 'The port for them; 0 is any free one, which the log names.',
  }),
}

/** How the worker judges its own health. */
export const probeSettings = {
  intervalMs: duration('PROBE_INTERVAL_MS', {
    fallback: 5_000,
    min: 100,
    max: 600_000,
    help: 'How often the worker asks Kafka for the end of the topic and Cassandra for an answer, for lag and readiness.',
  }),
  stallMs: duration('STALL_TIMEOUT_MS', {
    fallback: 120_000,
    min: 1_000,
    max: 3_600_000,
    help: '/live fails when nothing has moved for this long, although there is work and no fault is waited out.',
  }),
}
