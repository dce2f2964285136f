import { type ObjectShape, type ValueOf } from './shape.ts'
import { type Text } from './text.ts'

/** The column types that a stream may use, in CQL, and the JavaScript type of each. */
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

/** A table: its columns in the order in which they are bound, and its primary key. */
export interface TableDefinition {
  readonly columns: Readonly<Record<string, ColumnType>>
  readonly partitionKey: readonly string[]
  readonly clusteringKey: readonly string[]
}

type KeyOf<T extends TableDefinition> = (T['partitionKey'][number] | T['clusteringKey'][number]) & keyof T['columns']

type Js<T extends TableDefinition, C extends keyof T['columns']> = ColumnTypes[T['columns'][C]]

/** The primary key of one row. */
export type Key<T extends TableDefinition> = { readonly [C in KeyOf<T>]: Js<T, C> }

/** A row to write. A column that is missing or `undefined` keeps its value in the table (unset); `null` sets it to null. */
export type Row<T extends TableDefinition> = Key<T> & {
  readonly [C in Exclude<keyof T['columns'], KeyOf<T>>]?: Js<T, C> | null | undefined
}

/** Values by column, for any table. */
export type Columns = Readonly<Record<string, ColumnTypes[ColumnType] | null | undefined>>

/**
 * The change of the table that one event causes. `eventTime` is the event's own time in milliseconds. It orders the writes if
 * `CASSANDRA_WRITE_TIMESTAMP=event`.
 */
export type Change =
  | { readonly kind: 'upsert'; readonly row: Columns; readonly eventTime: number }
  | { readonly kind: 'remove'; readonly key: Columns; readonly eventTime: number }

/** A change of one table, with its columns as types. */
export type ChangeOf<T extends TableDefinition> =
  | { readonly kind: 'upsert'; readonly row: Row<T>; readonly eventTime: number }
  | { readonly kind: 'remove'; readonly key: Key<T>; readonly eventTime: number }

export const upsert = <R>(row: R, eventTime: number) => ({ kind: 'upsert', row, eventTime }) as const

export const remove = <K>(key: K, eventTime: number) => ({ kind: 'remove', key, eventTime }) as const

/** The defaults of a stream's topics, group and table. `{{env}}` stands for the setting `ENV`. */
export interface StreamDefaults {
  readonly topic: string
  readonly deadLetterTopic: string
  readonly groupId: string
  readonly keyspace: string
  readonly table: string
}

/** A stream: its topics, the fields that it reads, how they are flattened, and its table. */
export interface Stream {
  readonly name: string
  readonly defaults: StreamDefaults
  /** The fields that are read from an event; the engine checks them. */
  readonly event: ObjectShape
  readonly table: TableDefinition
  /**
   * Turns the fields of one event into a change of the table.
   *
   * @throws InvalidEvent if the event breaks a rule that its shape does not express; any other error is a bug and ends
   * the process
   */
  flatten(event: unknown): Change
}

/** A stream with types: a row with a wrong column, or without a key column, does not compile. */
export interface StreamOf<E extends ObjectShape, T extends TableDefinition> extends Stream {
  readonly event: E
  readonly table: T
  flatten(event: ValueOf<E>): ChangeOf<T>
}

export const defineStream = <const E extends ObjectShape, const T extends TableDefinition>(
  stream: StreamOf<E, T>,
): StreamOf<E, T> => stream
