import { InvalidArgumentError } from 'commander'

const isoTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/

/** Takes a time, in milliseconds. @throws InvalidArgumentError */
export const time = (given: string): number => {
  const at = isoTime.test(given) ? Date.parse(given) : NaN
  if (!Number.isNaN(at)) return at
  throw new InvalidArgumentError('Use a time such as 2026-11-23 or 2026-11-23T10:00Z.')
}
