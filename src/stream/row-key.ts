import { type Change, type Columns, type TableDefinition } from './definition.ts'
import { Text } from './text.ts'

/** Which table partition a change belongs to, and which row of it. */
export interface RowKey {
  readonly partition: string
  readonly row: string
}

const valuesOf = (change: Change): Columns => (change.kind === 'upsert' ? change.row : change.key)

// One column that is a text stands for itself; several are told apart as JSON.
const joined = (columns: readonly string[], values: Columns): string => {
  const [only] = columns
  const value = only === undefined ? '' : values[only]
  if (columns.length <= 1 && (typeof value === 'string' || value instanceof Text)) return value.toString()
  return JSON.stringify(columns.map(column => values[column]))
}

/** The same texts for the same row, and for no other. */
export const rowKey = ({ partitionKey, clusteringKey }: TableDefinition, change: Change): RowKey => {
  const values = valuesOf(change)
  return { partition: joined(partitionKey, values), row: joined(clusteringKey, values) }
}
