import { InvalidArgumentError } from 'commander'

const isoTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/

/** Parses a time. The result is in milliseconds since 1970. @throws InvalidArgumentError */
export const time = (given: string): number => {
  const at = isoTime.test(given) ? Date.parse(given) : NaN
  if (!Number.isNaN(at)) return at
  throw new InvalidArgumentError('Use a time such as 2026-11-23 or 2026-11-23T10:00Z.')
}

/** Parses a whole number of at least `min`. @throws InvalidArgumentError */
export const whole =
  (min: number) =>
  (given: string): number => {
    if (/^\d{1,15}$/.test(given) && Number(given) >= min) return Number(given)
    throw new InvalidArgumentError(`Use a whole number of at least ${min}.`)
  }

/** Parses a rate, such as 100 or 100/s. @throws InvalidArgumentError */
export const perSecond = (given: string): number => whole(1)(given.replace(/\/s$/, ''))
