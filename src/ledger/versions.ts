import { type Change, type Columns, type TableDefinition } from '../stream/definition.ts'

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
  if (columns.length <= 1 && typeof value === 'string') return value
  return JSON.stringify(columns.map(column => values[column]))
}

/** The same texts for the same row, and for no other. */
export const rowKey = ({ partitionKey, clusteringKey }: TableDefinition, change: Change): RowKey => {
  const values = valuesOf(change)
  return { partition: joined(partitionKey, values), row: joined(clusteringKey, values) }
}

/**
 * Whether writing `later` makes writing `earlier`, a change of the same row, superfluous. A removal covers everything
 * before it. An upsert covers an earlier one only if it sets every column that one sets: a column it leaves out would
 * keep the earlier value. It never covers a removal, because what it leaves out must stay removed.
 */
export const covers = ({ columns }: TableDefinition, later: Change, earlier: Change): boolean => {
  if (later.kind === 'remove') return true
  if (earlier.kind === 'remove') return false
  return Object.keys(columns).every(column => earlier.row[column] === undefined || later.row[column] !== undefined)
}
