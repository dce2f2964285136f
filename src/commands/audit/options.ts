import { type Command, InvalidArgumentError, Option } from 'commander'
import { perSecond, time, whole } from '../option-values.ts'
import { UsageError } from '../usage-error.ts'
import { type Offsets } from './plan.ts'

/** Where an audit starts or ends: milliseconds since 1970, or offsets by partition. */
export type Bound = number | Offsets

export interface AuditOptions {
  readonly from?: Bound
  readonly to?: Bound
  readonly table?: { readonly keyspace: string; readonly table: string }
  readonly sample?: number
  readonly wholeTable?: true
  /** The maximum number of rows read per second. */
  readonly rate: number
  /** The bucket to start with: the first byte of the key hash. */
  readonly resume: number
  readonly json?: true
  readonly fix?: true
  readonly yes?: true
}

const defaultRate = 1000

const bound = (given: string): Bound => {
  if (!/^\d{1,9}:\d{1,15}(,\d{1,9}:\d{1,15})*$/.test(given)) return time(given)
  const pairs = given.split(',').map(pair => pair.split(':').map(Number) as [number, number])
  return new Map(pairs)
}

const tableName = (given: string): AuditOptions['table'] => {
  const [, keyspace, table] = /^(\w{1,48})\.(\w{1,48})$/.exec(given) ?? []
  if (keyspace === undefined || table === undefined) throw new InvalidArgumentError('Use KEYSPACE.TABLE.')
  return { keyspace, table }
}

const bucket = (given: string): number => {
  if (!/^[0-9a-f]{2}$/.test(given)) throw new InvalidArgumentError('Use two hexadecimal digits.')
  return parseInt(given, 16)
}

/** Adds the options of the command. */
export const withOptions = (command: Command): Command =>
  command
    .addOption(new Option('--from <time|offsets>', 'start here instead of at the start of the topic').argParser(bound))
    .addOption(new Option('--to <time|offsets>', 'end here instead of at the committed offsets').argParser(bound))
    .addOption(
      new Option('--table <keyspace.table>', 'compare with this table instead of the configured one').argParser(
        tableName,
      ),
    )
    .option('--sample <number>', 'compare only this number of rows, chosen by the hash of their key', whole(1))
    .option('--whole-table', 'read the whole table; also report rows without an event')
    .option('--rate <number>', 'read at most this many rows a second', perSecond, defaultRate)
    .addOption(
      new Option('--resume <hash>', 'continue with the rows at this key hash, which an interrupted audit printed')
        .argParser(bucket)
        .default(0, 'the first'),
    )
    .option('--json', 'print each difference as a line of JSON, and the counts as the last line')
    .option('--fix', 'publish the differing events again')
    .option('--yes', 'do not ask before publishing')

/** @throws UsageError if the options cannot be combined */
export const checkOptions = ({ sample, wholeTable, resume, table, fix }: AuditOptions): void => {
  const refuse = (what: string): never => {
    throw new UsageError(what)
  }
  if (wholeTable && sample !== undefined) refuse('use either --sample or --whole-table')
  if (wholeTable && resume !== 0)
    refuse('--resume continues with rows read by key, so it cannot be combined with --whole-table')
  if (table !== undefined && fix) refuse("--fix repairs the stream's own table, so it cannot be combined with --table")
}
