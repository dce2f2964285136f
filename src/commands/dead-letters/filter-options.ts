import { reasons } from '../../stream/invalid-event.ts'
import { noReason } from './letter.ts'
import { type LetterFilter } from './letter-filter.ts'
import { UsageError } from '../usage-error.ts'

/** The options that select letters. */
export const filterOptions = {
  reason: { type: 'string', multiple: true },
  since: { type: 'string' },
  until: { type: 'string' },
  partition: { type: 'string' },
  offset: { type: 'string' },
} as const

/** A value that is not accepted. */
export const wrong = (option: string, given: string, accepts: string): UsageError =>
  new UsageError(`--${option} ${JSON.stringify(given)}: ${accepts} is needed; --help tells more`)

export const whole = (option: string, given: string, min = 0): number => {
  if (!/^\d{1,15}$/.test(given) || Number(given) < min) throw wrong(option, given, `a whole number from ${min}`)
  return Number(given)
}

const isoTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/

const time = (option: string, given: string | undefined, otherwise: number): number => {
  if (given === undefined) return otherwise
  const at = isoTime.test(given) ? Date.parse(given) : NaN
  if (Number.isNaN(at)) throw wrong(option, given, 'a time such as 2026-11-23 or 2026-11-23T10:00Z')
  return at
}

const offsets = (given: string | undefined): { from: number; to: number } => {
  if (given === undefined) return { from: 0, to: Infinity }
  const [, from, dash, last] = /^(\d{1,15})(-)?(\d{1,15})?$/.exec(given) ?? []
  if (from === undefined || (dash === undefined && last !== undefined)) {
    throw wrong('offset', given, 'an offset N, or a range N-M or N-')
  }
  if (dash === undefined) return { from: Number(from), to: Number(from) + 1 }
  return { from: Number(from), to: last === undefined ? Infinity : Number(last) + 1 }
}

const reason = (given: string): string => {
  const known = [...Object.keys(reasons), noReason]
  if (!known.includes(given)) throw wrong('reason', given, `one of ${known.join(', ')}`)
  return given
}

interface FilterValues {
  reason?: string[] | undefined
  since?: string | undefined
  until?: string | undefined
  partition?: string | undefined
  offset?: string | undefined
}

/** @throws UsageError */
export const readFilter = (given: FilterValues): LetterFilter => {
  if (given.offset !== undefined && given.partition === undefined) {
    throw new UsageError('--offset counts within a partition: give --partition too')
  }
  return {
    reasons: (given.reason ?? []).map(reason),
    since: time('since', given.since, -Infinity),
    until: time('until', given.until, Infinity),
    partition: given.partition === undefined ? undefined : whole('partition', given.partition),
    ...offsets(given.offset),
  }
}
