import { type Client, type types } from 'cassandra-driver'
import { type TableDefinition } from '../stream/definition.ts'
import { type TableName } from './check.ts'
import { encode, encodeLong } from './encode.ts'
import { faultOf } from './faults.ts'
import { tokenRange } from './token-ranges.ts'

/** A column's value and its write timestamp in microseconds. For a map it is the latest possible one, because CQL does not return it. */
export interface FoundCell {
  readonly column: string
  readonly value: string | ReadonlyMap<string, string>
  readonly writtenAt: number
}

/** A row, with its text and map columns that are not in the key. */
export interface FoundRow {
  readonly key: readonly string[]
  readonly cells: readonly FoundCell[]
}

/** A repaired value, with its write timestamp in microseconds. */
export interface Mended {
  readonly column: string
  readonly value: string | ReadonlyMap<string, string> | null
  readonly writeTimestamp: number
}

/** A table whose rows can be read and repaired. */
export interface MendableTable {
  /** The number of parts in which the table is read. */
  readonly parts: number
  rows(part: number): AsyncIterable<readonly FoundRow[]>
  write(key: readonly string[], mended: readonly Mended[]): Promise<void>
}

const parts = 64
const pageSize = 500

const quoted = (name: string): string => `"${name}"`
const writtenAt = (column: string): string => `written_${column}`

const selectOf = (
  { columns, partitionKey, clusteringKey }: TableDefinition,
  { keyspace, table }: TableName,
): string => {
  const key = [...partitionKey, ...clusteringKey]
  const others = Object.keys(columns).filter(name => !key.includes(name))
  const timed = others.filter(name => !columns[name]?.startsWith('map'))
  const token = `token(${partitionKey.map(quoted).join(', ')})`
  return (
    `SELECT ${[...key, ...others].map(quoted).join(', ')}, ` +
    timed.map(name => `WRITETIME(${quoted(name)}) AS ${quoted(writtenAt(name))}`).join(', ') +
    ` FROM ${quoted(keyspace)}.${quoted(table)} WHERE ${token} > ? AND ${token} <= ?`
  )
}

const timeOf = (row: types.Row, column: string): number =>
  Number((row.get(writtenAt(column)) as types.Long | null) ?? 0)

const rowOf = ({ columns, partitionKey, clusteringKey }: TableDefinition, row: types.Row): FoundRow => {
  const key = [...partitionKey, ...clusteringKey]
  const others = Object.entries(columns).filter(([name]) => !key.includes(name))
  // A row's map and its other columns are written by one statement with one timestamp.
  const latest = Math.max(...others.filter(([, type]) => !type.startsWith('map')).map(([name]) => timeOf(row, name)))
  const cells = others.flatMap(([column, type]): FoundCell[] => {
    const value: unknown = row.get(column)
    if (value === null) return []
    if (type === 'text') return [{ column, value: value as string, writtenAt: timeOf(row, column) }]
    if (type !== 'map<text,text>') return []
    return [{ column, value: new Map(Object.entries(value as Record<string, string>)), writtenAt: latest }]
  })
  return { key: key.map(name => String(row.get(name))), cells }
}

/** Its methods throw Fault if Cassandra fails. */
export const mendableTable = (client: Client, definition: TableDefinition, name: TableName): MendableTable => {
  const select = selectOf(definition, name)
  const { partitionKey, clusteringKey } = definition
  const where = [...partitionKey, ...clusteringKey].map(column => `${quoted(column)} = ?`).join(' AND ')

  const page = async (range: Buffer[], pageState?: string): Promise<types.ResultSet> => {
    try {
      const paging = pageState === undefined ? {} : { pageState }
      return await client.execute(select, range, { prepare: true, fetchSize: pageSize, ...paging })
    } catch (error) {
      throw faultOf(error)
    }
  }

  const statementOf = (key: readonly string[], { column, value, writeTimestamp }: Mended) => ({
    query:
      `UPDATE ${quoted(name.keyspace)}.${quoted(name.table)} USING TIMESTAMP ? ` +
      `SET ${quoted(column)} = ? WHERE ${where}`,
    params: [
      encodeLong(writeTimestamp),
      value === null ? null : typeof value === 'string' ? encode('text', value) : encode('map<text,text>', value),
      ...key.map(part => encode('text', part)),
    ],
  })

  return {
    parts,
    rows: async function* (part) {
      const range = tokenRange(part, parts)
      let result = await page(range)
      yield result.rows.map(row => rowOf(definition, row))
      // Null at the end, although the driver's types do not say so.
      while (result.pageState) {
        result = await page(range, result.pageState)
        yield result.rows.map(row => rowOf(definition, row))
      }
    },
    write: async (key, mended) => {
      try {
        await client.batch(
          mended.map(one => statementOf(key, one)),
          { prepare: true, logged: false, isIdempotent: true },
        )
      } catch (error) {
        throw faultOf(error)
      }
    },
  }
}
