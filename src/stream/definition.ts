import { type ObjectShape, type ValueOf } from './shape.ts'
import { type Text } from './text.ts'

/** The column types a stream may use, as CQL writes them, and the JavaScript value that stands for each. */
export interface ColumnTypes {
  text: string | Text
  boolean: boolean
  int: number
  /** Days since 1970-01-01, negative before it. */
  date: number
  /** Milliseconds since 1970-01-01T00:00Z. */
  timestamp: number
  'map<text,text>': ReadonlyMap<string, string | Text>
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

/** One row to write. A column left out, or `undefined`, stays as it is in the table (unset); `null` sets it to null. */
export type Row<T extends TableDefinition> = Key<T> & {
  readonly [C in Exclude<keyof T['columns'], KeyOf<T>>]?: Js<T, C> | null | undefined
}

/** Values by column as the engine sees them, whatever the table. */
export type Columns = Readonly<Record<string, ColumnTypes[ColumnType] | null | undefined>>

/**
 * What one event does to the table. `eventTime` is the event's own time of change in milliseconds; it orders the writes
 * when `CASSANDRA_WRITE_TIMESTAMP=event`.
 */
export type Change =
  | { readonly kind: 'upsert'; readonly row: Columns; readonly eventTime: number }
  | { readonly kind: 'remove'; readonly key: Columns; readonly eventTime: number }

/** A change of one table, its columns known to the compiler. */
export type ChangeOf<T extends TableDefinition> =
  | { readonly kind: 'upsert'; readonly row: Row<T>; readonly eventTime: number }
  | { readonly kind: 'remove'; readonly key: Key<T>; readonly eventTime: number }

export const upsert = <R>(row: R, eventTime: number) => ({ kind: 'upsert', row, eventTime }) as const

export const remove = <K>(key: K, eventTime: number) => ({ kind: 'remove', key, eventTime }) as const

/** Where a stream reads and writes unless the environment says otherwise; `{{env}}` stands for the setting `ENV`. */
export interface StreamDefaults {
  readonly topic: string
  readonly deadLetterTopic: string
  readonly groupId: string
  readonly keyspace: string
  readonly table: string
}

/** A stream, whole: where it reads from, what it reads of an event, how that is flattened, and its table. */
export interface Stream {
  readonly name: string
  readonly defaults: StreamDefaults
  /** What is read of an event; the engine checks it. */
  readonly event: ObjectShape
  readonly table: TableDefinition
  /**
   * From what was read of one message to what it does to the table.
   *
   * @throws InvalidEvent when the event breaks a rule that its shape does not tell; anything else thrown is a bug and
   * ends the process.
   */
  flatten(event: unknown): Change
}

/** A stream as it is written: a row with a wrong column, or without one of the key, does not compile. */
export interface StreamOf<E extends ObjectShape, T extends TableDefinition> extends Stream {
  readonly event: E
  readonly table: T
  flatten(event: ValueOf<E>): ChangeOf<T>
}

export const defineStream = <const E extends ObjectShape, const T extends TableDefinition>(
  stream: StreamOf<E, T>,
): StreamOf<E, T> => stream
