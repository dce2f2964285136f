import { type Command as Program, Option } from 'commander'
import { type FilterOptions, readFilter, whole, withFilters } from './filter-options.ts'
import { type LetterFilter } from './letter-filter.ts'

/** Letters a second that `replay` publishes unless told otherwise: slow enough for every reader of the topic. */
export const defaultPerSecond = 100

const groupings = ['hour', 'day', 'each'] as const

/** How `list` groups by time; `each` is a line for every letter. */
export type Grouping = (typeof groupings)[number]

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

interface ReplayOptions extends FilterOptions {
  readonly limit?: number
  readonly rate: number
  readonly dryRun?: boolean
  readonly yes?: boolean
}

const times = 'Times are 2026-11-23 (midnight, UTC), 2026-11-23T10:00Z or 2026-11-23T15:30+05:30.'

const perSecond = (given: string): number => whole(1)(given.replace(/\/s$/, ''))

/** Adds list, show and replay to their group. */
export const addCommands = (group: Program, run: (command: Command) => void | Promise<void>): void => {
  withFilters(group.command('list'))
    .summary('count them by reason and by time')
    .description(
      `Counts the dead letters by reason and by time, with one letter of each reason as an example.\n${times}`,
    )
    .addOption(
      new Option('--by <unit>', 'the unit of time; each is a line for every letter').choices(groupings).default('hour'),
    )
    .action(({ by, ...filter }: FilterOptions & { by: Grouping }) =>
      run({ name: 'list', filter: readFilter(filter), by }),
    )

  group
    .command('show')
    .summary('print one of them with its headers')
    .description('Prints one dead letter: its headers, and the sizes of its key and its value.')
    .requiredOption('--partition <number>', 'its partition of the dead-letter topic', whole(0))
    .requiredOption('--offset <number>', 'its offset there, as list --by each prints it', whole(0))
    .option('--content', 'print the key and the value too: they are personal data')
    .action(({ partition, offset, content = false }: { partition: number; offset: number; content?: boolean }) =>
      run({ name: 'show', partition, offset, content }),
    )

  withFilters(group.command('replay'))
    .summary('publish them to the source topic again')
    .description(
      'Publishes dead letters to the topic that they came from. It is safe to repeat and to interrupt. Without a filter ' +
        `it takes all letters there are at the start, and asks first.\n${times}`,
    )
    .option('--dry-run', 'publish nothing; say what would be published')
    .option('--limit <number>', 'publish at most this many letters', whole(1))
    .option('--rate <number>', 'publish at most this many letters a second', perSecond, defaultPerSecond)
    .option('--yes', 'do not ask')
    .action(({ limit = Infinity, rate, dryRun = false, yes = false, ...filter }: ReplayOptions) =>
      run({ name: 'replay', filter: readFilter(filter), limit, perSecond: rate, dryRun, yes }),
    )
}
