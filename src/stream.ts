import { readdir } from 'node:fs/promises'

/** The column types a stream may use, as CQL writes them, and the JavaScript value that stands for each. */
export interface ColumnTypes {
  text: string
  boolean: boolean
  int: number
  /** Days since 1970-01-01, negative before it. */
  date: number
  /** Milliseconds since 1970-01-01T00:00Z. */
  timestamp: number
  'map<text,text>': ReadonlyMap<string, string>
}

export type ColumnType = keyof ColumnTypes

/** A table as data: its columns in the order in which they are bound, and which of them are the primary key. */
export interface TableDefinition {
  readonly columns: Readonly<Record<string, ColumnType>>
  readonly partitionKey: readonly string[]
  readonly clusteringKey: readonly string[]
}

type KeyOf<T extends TableDefinition> = (T['partitionKey'][number] | T['clusteringKey'][number]) & keyof T['columns']

type Js<T extends TableDefinition, C extends keyof T['columns']> = ColumnTypes[T['columns'][C]]

/** The primary key of one row. */
export type Key<T extends TableDefinition> = { readonly [C in KeyOf<T>]: Js<T, C> }

/** One row to write. A column left out stays as it is in the table (unset); `null` sets it to null. */
export type Row<T extends TableDefinition> = Key<T> & {
  readonly [C in Exclude<keyof T['columns'], KeyOf<T>>]?: Js<T, C> | null
}

/**
 * What one event does to the table. `eventTime` is the event's own time of change in milliseconds; it orders the writes
 * when `CASSANDRA_WRITE_TIMESTAMP=event`.
 */
export type Change<T extends TableDefinition = TableDefinition> =
  | { readonly kind: 'upsert'; readonly row: Row<T>; readonly eventTime: number }
  | { readonly kind: 'remove'; readonly key: Key<T>; readonly eventTime: number }

export const upsert = <T extends TableDefinition>(row: Row<T>, eventTime: number): Change<T> => ({
  kind: 'upsert',
  row,
  eventTime,
})

export const remove = <T extends TableDefinition>(key: Key<T>, eventTime: number): Change<T> => ({
  kind: 'remove',
  key,
  eventTime,
})

/** Where a stream reads and writes unless the environment says otherwise; `{{env}}` stands for the setting `ENV`. */
export interface StreamDefaults {
  readonly topic: string
  readonly deadLetterTopic: string
  readonly groupId: string
  readonly keyspace: string
  readonly table: string
}

/** A stream, whole: where it reads from, how an event is checked and flattened, and its table. */
export interface Stream<T extends TableDefinition = TableDefinition> {
  readonly name: string
  readonly defaults: StreamDefaults
  readonly table: T
  /**
   * From the parsed JSON of one message to what it does to the table.
   *
   * @throws Rejection when the event is not as the contract says; anything else thrown is a bug and ends the process.
   */
  readonly flatten: (event: unknown) => Change<T>
}

/** Gives a definition its types: a row with a wrong or missing key column does not compile. */
export const defineStream = <const T extends TableDefinition>(stream: Stream<T>): Stream<T> => stream

const folder = new URL('../streams/', import.meta.url)

/** The names of all streams, each a folder of `streams/`. */
export const streamNames = async (): Promise<string[]> =>
  (await readdir(folder, { withFileTypes: true }))
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort()

/**
 * Loads the definition that `streams/<name>/stream` exports as default.
 *
 * @throws Error naming the streams there are, when there is none of this name.
 */
export const loadStream = async (name: string): Promise<Stream> => {
  const names = await streamNames()
  if (!names.includes(name)) throw new Error(`there is no stream "${name}"; there are: ${names.join(', ')}`)
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const module = (await import(new URL(`${name}/stream.${extension}`, folder).href)) as { default: Stream }
  return module.default
}
