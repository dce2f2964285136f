import { parseArgs } from 'node:util'
import { UsageError } from '../usage-error.ts'
import { filterOptions, readFilter, whole, wrong } from './filter-options.ts'
import { type LetterFilter } from './letter-filter.ts'

/** Letters a second that `replay` publishes unless told otherwise: slow enough for every reader of the topic. */
export const defaultPerSecond = 100

/** How `list` groups by time; `each` is a line for every letter. */
export type Grouping = 'hour' | 'day' | 'each'

/** What is to be done. */
export type Command =
  | { readonly name: 'list'; readonly filter: LetterFilter; readonly by: Grouping }
  | { readonly name: 'show'; readonly partition: number; readonly offset: number; readonly content: boolean }
  | {
      readonly name: 'replay'
      readonly filter: LetterFilter
      readonly limit: number
      readonly perSecond: number
      readonly dryRun: boolean
      /** Replays without asking, also when no letters are selected. */
      readonly yes: boolean
    }

const asked = { help: { type: 'boolean', default: false } } as const

const list = (args: string[]): Command | 'help' => {
  const { values } = parseArgs({
    args,
    options: { ...asked, ...filterOptions, by: { type: 'string', default: 'hour' } },
  })
  if (values.help) return 'help'
  const by = (['hour', 'day', 'each'] as const).find(unit => unit === values.by)
  if (by === undefined) throw wrong('by', values.by, 'hour, day or each')
  return { name: 'list', filter: readFilter(values), by }
}

const show = (args: string[]): Command | 'help' => {
  const { partition, offset } = filterOptions
  const options = { ...asked, partition, offset, content: { type: 'boolean', default: false } } as const
  const { values } = parseArgs({ args, options })
  if (values.help) return 'help'
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

const replay = (args: string[]): Command | 'help' => {
  const { values } = parseArgs({
    args,
    options: {
      ...asked,
      ...filterOptions,
      limit: { type: 'string' },
      rate: { type: 'string', default: String(defaultPerSecond) },
      'dry-run': { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  return {
    name: 'replay',
    filter: readFilter(values),
    limit: values.limit === undefined ? Infinity : whole('limit', values.limit, 1),
    perSecond: whole('rate', values.rate.replace(/\/s$/, ''), 1),
    dryRun: values['dry-run'],
    yes: values.yes,
  }
}

/**
 * Reads what stands behind the program's name.
 *
 * @throws UsageError, and what node:util's parseArgs throws for an unknown option.
 */
export const readCommand = ([name, ...args]: readonly string[]): Command | 'help' => {
  switch (name) {
    case 'list':
      return list(args)
    case 'show':
      return show(args)
    case 'replay':
      return replay(args)
    case '--help':
    case 'help':
      return 'help'
    case undefined:
      throw new UsageError(`a command is needed: one of list, show and replay; --help tells more`)
    default:
      throw new UsageError(`${JSON.stringify(name)} is no command: one of list, show and replay is; --help tells more`)
  }
}
