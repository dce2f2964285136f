import { parseArgs } from 'node:util'
import { type Choice } from './choice.ts'
import { UsageError } from '../usage-error.ts'
import { choice, which, whole, wrong } from './which.ts'

/** How `list` groups by time; `each` is a line for every letter. */
export type Grouping = 'hour' | 'day' | 'each'

/** What is to be done. */
export type Command =
  | { readonly name: 'list'; readonly choice: Choice; readonly by: Grouping }
  | { readonly name: 'show'; readonly partition: number; readonly offset: number; readonly content: boolean }
  | {
      readonly name: 'replay'
      readonly choice: Choice
      readonly limit: number
      readonly perSecond: number
      readonly dryRun: boolean
    }

const asked = { help: { type: 'boolean', default: false } } as const

const list = (args: string[]): Command | 'help' => {
  const { values } = parseArgs({ args, options: { ...asked, ...which, by: { type: 'string', default: 'hour' } } })
  if (values.help) return 'help'
  const by = (['hour', 'day', 'each'] as const).find(unit => unit === values.by)
  if (by === undefined) throw wrong('by', values.by, 'hour, day or each')
  return { name: 'list', choice: choice(values), by }
}

const show = (args: string[]): Command | 'help' => {
  const { partition, offset } = which
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
      ...which,
      limit: { type: 'string' },
      rate: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
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
