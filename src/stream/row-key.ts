import { type Change, type Columns, type TableDefinition } from './definition.ts'
import { Text } from './text.ts'

/** The table partition of a change, and the row within it. */
export interface RowKey {
  readonly partition: string
  readonly row: string
}

const valuesOf = (change: Change): Columns => (change.kind === 'upsert' ? change.row : change.key)

// A single text column is used as it is. Several are joined as JSON, which keeps them apart.
const joined = (columns: readonly string[], values: Columns): string => {
  const [only] = columns
  const value = only === undefined ? '' : values[only]
  if (columns.length <= 1 && (typeof value === 'string' || value instanceof Text)) return value.toString()
  return JSON.stringify(columns.map(column => values[column]))
}

/** Identifies the row of a change. */
export const rowKey = ({ partitionKey, clusteringKey }: TableDefinition, change: Change): RowKey => {
  const values = valuesOf(change)
  return { partition: joined(partitionKey, values), row: joined(clusteringKey, values) }
}
