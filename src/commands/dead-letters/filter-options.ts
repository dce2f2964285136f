import { type Command, InvalidArgumentError, Option } from 'commander'
import { reasons } from '../../stream/invalid-event.ts'
import { time, whole } from '../option-values.ts'
import { UsageError } from '../usage-error.ts'
import { noReason } from './letter.ts'
import { type LetterFilter } from './letter-filter.ts'

interface Offsets {
  readonly from: number
  readonly to: number
}

const offsets = (given: string): Offsets => {
  const [, from, dash, last] = /^(\d{1,15})(-)?(\d{1,15})?$/.exec(given) ?? []
  if (from === undefined || (dash === undefined && last !== undefined)) {
    throw new InvalidArgumentError('Use an offset N, or a range N-M or N-.')
  }
  if (dash === undefined) return { from: Number(from), to: Number(from) + 1 }
  return { from: Number(from), to: last === undefined ? Infinity : Number(last) + 1 }
}

const reason = (given: string, before: readonly string[] = []): string[] => {
  const known = [...Object.keys(reasons), noReason]
  if (!known.includes(given)) throw new InvalidArgumentError(`Use one of ${known.join(', ')}.`)
  return [...before, given]
}

/** The options that select letters, as they are parsed. */
export interface FilterOptions {
  readonly reason?: readonly string[]
  readonly since?: number
  readonly until?: number
  readonly partition?: number
  readonly offset?: Offsets
}

/** Adds the options that select letters. */
export const withFilters = (command: Command): Command =>
  command
    .addOption(new Option('--reason <reason>', 'only this reason; can be repeated').argParser(reason))
    .addOption(new Option('--since <time>', 'only dead letters published at this time or later').argParser(time))
    .addOption(new Option('--until <time>', 'only dead letters published before this time').argParser(time))
    .option('--partition <number>', 'only this partition of the dead-letter topic', whole(0))
    .option('--offset <N|N-M|N->', 'only this offset, a range, or everything from N; requires --partition', offsets)

/** @throws UsageError */
export const readFilter = ({ reason = [], since, until, partition, offset }: FilterOptions): LetterFilter => {
  if (offset !== undefined && partition === undefined) {
    throw new UsageError('--offset requires --partition')
  }
  return {
    reasons: reason,
    since: since ?? -Infinity,
    until: until ?? Infinity,
    partition,
    ...(offset ?? { from: 0, to: Infinity }),
  }
}
