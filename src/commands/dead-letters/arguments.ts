import { parseArgs } from 'node:util'
import { reasons } from '../../rejection.ts'
import { type Choice } from './choice.ts'
import { noReason } from './letter.ts'

/** How `list` groups by time; `each` is a line for every letter. */
export type Grouping = 'hour' | 'day' | 'each'

/** What is to be done. */
export type Command =
  | { readonly name: 'help' }
  | { readonly name: 'list'; readonly choice: Choice; readonly by: Grouping }
  | { readonly name: 'show'; readonly partition: number; readonly offset: number; readonly content: boolean }
  | {
      readonly name: 'replay'
      readonly choice: Choice
      readonly limit: number
      readonly perSecond: number
      readonly dryRun: boolean
    }

/** Arguments that make no sense; the message says which, and what would. Ends the process with 64. */
export class UsageError extends Error {}

export const help = `Usage: npm run dead-letters -- COMMAND [OPTION]...
Looks at the dead letters of the stream, and publishes them again to the topic that they came from.

Commands:
  list     how many there are, by reason and by time
  show     one of them, with its headers: --partition P --offset N
  replay   publish them again to the source topic; safe to repeat and to interrupt

Which ones (list, replay); without any of these all that are there at the start:
  --reason REASON      only this reason; may be given several times
  --since TIME         only what became a dead letter at this time or later
  --until TIME         only what became a dead letter before this time
  --partition P        only this partition of the dead-letter topic
  --offset N|N-M|N-    only this offset, or from N to M, or from N on; needs --partition
  TIME is 2026-11-23 (midnight, UTC), 2026-11-23T10:00Z or 2026-11-23T15:30+05:30.

list:    --by hour|day|each   the unit of time (default hour); each is a line for every letter
show:    --content            also the key and the value: personal data
replay:  --dry-run            publish nothing, say what would be
         --limit N            at most N letters
         --rate N/s           at most N letters a second

  --help   print this, and end

Settings come from the environment and from .env, as the worker's do: topics, brokers, TLS, login.
Exit codes: 0 done; 1 Kafka is in trouble, part may be done; 64 wrong arguments; 66 there is no such dead letter;
            78 wrong configuration; 130 and 143 interrupted by SIGINT and SIGTERM.
`

const which = {
  reason: { type: 'string', multiple: true },
  since: { type: 'string' },
  until: { type: 'string' },
  partition: { type: 'string' },
  offset: { type: 'string' },
} as const

const asked = { help: { type: 'boolean', default: false } } as const

const wrong = (option: string, given: string, accepts: string): UsageError =>
  new UsageError(`--${option} ${JSON.stringify(given)}: ${accepts} is needed; --help tells more`)

const whole = (option: string, given: string, min = 0): number => {
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

interface Which {
  reason?: string[] | undefined
  since?: string | undefined
  until?: string | undefined
  partition?: string | undefined
  offset?: string | undefined
}

const choice = (given: Which): Choice => {
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

const list = (args: string[]): Command => {
  const { values } = parseArgs({ args, options: { ...asked, ...which, by: { type: 'string', default: 'hour' } } })
  if (values.help) return { name: 'help' }
  const by = (['hour', 'day', 'each'] as const).find(unit => unit === values.by)
  if (by === undefined) throw wrong('by', values.by, 'hour, day or each')
  return { name: 'list', choice: choice(values), by }
}

const show = (args: string[]): Command => {
  const { partition, offset } = which
  const options = { ...asked, partition, offset, content: { type: 'boolean', default: false } } as const
  const { values } = parseArgs({ args, options })
  if (values.help) return { name: 'help' }
  if (values.partition === undefined || values.offset === undefined) {
    throw new UsageError('show needs --partition P and --offset N, as list --by each prints them')
  }
  return {
    name: 'show',
    partition: whole('partition', values.partition),
    offset: whole('offset', values.offset),
    content: values.content,
  }
}

const replay = (args: string[]): Command => {
  const { values } = parseArgs({
    args,
    options: {
      ...asked,
      ...which,
      limit: { type: 'string' },
      rate: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
    },
  })
  if (values.help) return { name: 'help' }
  return {
    name: 'replay',
    choice: choice(values),
    limit: values.limit === undefined ? Infinity : whole('limit', values.limit, 1),
    perSecond: values.rate === undefined ? Infinity : whole('rate', values.rate.replace(/\/s$/, ''), 1),
    dryRun: values['dry-run'],
  }
}

/**
 * Reads what stands behind the program's name.
 *
 * @throws UsageError, and what node:util's parseArgs throws for an unknown option.
 */
export const readCommand = ([name, ...args]: readonly string[]): Command => {
  switch (name) {
    case 'list':
      return list(args)
    case 'show':
      return show(args)
    case 'replay':
      return replay(args)
    case '--help':
    case 'help':
      return { name: 'help' }
    default:
      throw new UsageError(`${name === undefined ? 'a command' : `"${name}" is no command: one`} of list, show and replay is needed; --help tells more`)
  }
}
