import { duration, oneOf } from './define.ts'

export const logSettings = {
  LOG_LEVEL: oneOf(['error', 'warn', 'info', 'debug'], {
    fallback: 'info',
    help: 'The least severe level that is logged.',
  }),
  LOG_FORMAT: oneOf(['auto', 'json', 'pretty'], {
    fallback: 'auto',
    help: 'One JSON object a line, or a form for people; auto is pretty on a terminal and json elsewhere.',
  }),
  LOG_RATE_INTERVAL_MS: duration({
    fallback: 10_000,
    min: 0,
    max: 3_600_000,
    help: 'How often rates and counts are logged; 0 is never.',
  }),
}
