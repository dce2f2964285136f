import { type Command as Program, Option } from 'commander'
import { perSecond, whole } from '../option-values.ts'
import { type FilterOptions, readFilter, withFilters } from './filter-options.ts'
import { type LetterFilter } from './letter-filter.ts'

/** The default rate of `replay`, slow enough for every reader of the topic. */
export const defaultPerSecond = 100

const groupings = ['hour', 'day', 'each'] as const

/** How `list` groups by time; `each` is a line for each letter. */
export type Grouping = (typeof groupings)[number]

/** A parsed command. */
export type Command =
  | { readonly name: 'list'; readonly filter: LetterFilter; readonly by: Grouping }
  | { readonly name: 'show'; readonly partition: number; readonly offset: number; readonly content: boolean }
  | {
      readonly name: 'replay'
      readonly filter: LetterFilter
      readonly limit: number
      readonly perSecond: number
      readonly dryRun: boolean
      /** Replays without asking, even without a filter. */
      readonly yes: boolean
    }

interface ReplayOptions extends FilterOptions {
  readonly limit?: number
  readonly rate: number
  readonly dryRun?: boolean
  readonly yes?: boolean
}

const times = 'Examples of times: 2026-11-23 (midnight, UTC), 2026-11-23T10:00Z, 2026-11-23T15:30+05:30.'

/** Adds list, show and replay to their group. */
export const addCommands = (group: Program, run: (command: Command) => void | Promise<void>): void => {
  withFilters(group.command('list'))
    .summary('count dead letters by reason and by time')
    .description(`Counts dead letters by reason and by time, with the position of the latest of each reason.\n${times}`)
    .addOption(
      new Option('--by <unit>', 'the unit of time; each prints a line for each dead letter')
        .choices(groupings)
        .default('hour'),
    )
    .action(({ by, ...filter }: FilterOptions & { by: Grouping }) =>
      run({ name: 'list', filter: readFilter(filter), by }),
    )

  group
    .command('show')
    .summary('print one dead letter with its headers')
    .description('Prints the headers of one dead letter, and the sizes of its key and value.')
    .requiredOption('--partition <number>', 'the partition of the dead-letter topic', whole(0))
    .requiredOption('--offset <number>', 'the offset in that partition; see list --by each', whole(0))
    .option('--content', 'also print key and value, which are personal data')
    .action(({ partition, offset, content = false }: { partition: number; offset: number; content?: boolean }) =>
      run({ name: 'show', partition, offset, content }),
    )

  withFilters(group.command('replay'))
    .summary('publish dead letters to the source topic again')
    .description(
      'Publishes dead letters to the topic that they came from. It is safe to repeat and to interrupt. Without a filter ' +
        `it replays all dead letters that exist at the start, after a confirmation.\n${times}`,
    )
    .option('--dry-run', 'publish nothing; report what would be published')
    .option('--limit <number>', 'publish at most this many dead letters', whole(1))
    .option('--rate <number>', 'publish at most this many dead letters a second', perSecond, defaultPerSecond)
    .option('--yes', 'do not ask for confirmation')
    .action(({ limit = Infinity, rate, dryRun = false, yes = false, ...filter }: ReplayOptions) =>
      run({ name: 'replay', filter: readFilter(filter), limit, perSecond: rate, dryRun, yes }),
    )
}
