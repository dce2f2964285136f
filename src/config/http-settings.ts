import { duration, integer, text } from './define.ts'

/** Where serving metrics, probes and the page, and what the probes go by. */
export const httpSettings = {
  HTTP_HOST: text({
    fallback: '127.0.0.1',
    pattern: /^[A-Za-z0-9_.:-]{1,255}$/,
    accepts: 'an address of this machine, or a name of it',
    example: '0.0.0.0',
    help: 'Where serving metrics, probes and the page; in a container 0.0.0.0. Whoever reaches it may read it.',
  }),
  HTTP_PORT: integer({
    fallback: 9_464,
    min: 0,
    max: 65_535,
    help: 'The port for them; 0 is any free one, which the log names.',
  }),
  PROBE_INTERVAL_MS: duration({
    fallback: 5_000,
    min: 100,
    max: 600_000,
    help: 'How often Kafka is asked how far the topic goes and Cassandra whether it answers, for lag and readiness.',
  }),
  STALL_TIMEOUT_MS: duration({
    fallback: 120_000,
    min: 1_000,
    max: 3_600_000,
    help: 'How long nothing may move, while there is something to do and no fault is waited out, before /live fails.',
  }),
}
