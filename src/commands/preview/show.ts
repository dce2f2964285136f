import { eventReader } from '../../stream/json/read-event.ts'
import { type Reason, InvalidEvent } from '../../stream/invalid-event.ts'
import { Text } from '../../stream/text.ts'
import { type Change, type ColumnType, type Stream, type TableDefinition } from '../../stream/definition.ts'

/** The result for one message, as JSON for people: dates as `YYYY-MM-DD`, maps as objects, without unset columns. */
export type Shown =
  | { readonly row: Readonly<Record<string, unknown>> }
  | { readonly remove: Readonly<Record<string, unknown>> }
  | { readonly deadLetter: { readonly reason: Reason; readonly message: string } }

const millisecondsOfDay = 86_400_000

const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString()

const showValue = (type: ColumnType | undefined, value: unknown): unknown => {
  if (value === null) return null
  if (value instanceof Text) return value.toString()
  if (type === 'date') return isoOf((value as number) * millisecondsOfDay).split('T')[0]
  if (type === 'timestamp') return isoOf(value as number)
  if (type === 'map<text,text>')
    return Object.fromEntries([...(value as ReadonlyMap<string, unknown>)].map(([key, text]) => [key, String(text)]))
  return value
}

const showColumns = ({ columns }: TableDefinition, values: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([column, value]) => [column, showValue(columns[column], value)]),
  )

const showChange = (table: TableDefinition, change: Change): Shown => {
  switch (change.kind) {
    case 'upsert':
      return { row: showColumns(table, change.row) }
    case 'remove':
      return { remove: showColumns(table, change.key) }
  }
}

/** The result of a message with this value. There is no server that could refuse it. */
export const show = (stream: Pick<Stream, 'event' | 'flatten' | 'table'>, value: Buffer | null): Shown => {
  try {
    return showChange(stream.table, stream.flatten(eventReader(stream.event)(value)))
  } catch (error) {
    if (!(error instanceof InvalidEvent)) throw error
    return { deadLetter: { reason: error.reason, message: error.message } }
  }
}
