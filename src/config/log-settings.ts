import { duration, oneOf } from './define.ts'

export const logSettings = {
  level: oneOf('LOG_LEVEL', ['error', 'warn', 'info', 'debug'], {
    fallback: 'info',
    help: 'The least severe level that is logged.',
  }),
  format: oneOf('LOG_FORMAT', ['auto', 'json', 'pretty'], {
    fallback: 'auto',
    help: 'json: one JSON object a line; pretty: for people; auto: pretty on a terminal, json elsewhere.',
  }),
  rateIntervalMs: duration('LOG_RATE_INTERVAL_MS', {
    fallback: 10_000,
    min: 0,
    max: 3_600_000,
    help: 'How often rates and counts are logged; 0 is never.',
  }),
}
