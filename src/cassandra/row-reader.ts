import { type Client, types } from 'cassandra-driver'
import { type ColumnType, type TableDefinition } from '../stream/definition.ts'
import { type TableName } from './check.ts'
import { encode } from './encode.ts'
import { faultOf } from './faults.ts'
import { tokenRange } from './token-ranges.ts'

/** A row of the table. */
export interface StoredRow {
  /** The values of the key, in the encoding of the native protocol. */
  readonly key: readonly Buffer[]
  /** The values of the other columns, in the order of the table's definition. */
  readonly values: readonly (Buffer | null)[]
  /** The write time of each in microseconds; NaN for null, and for a map, whose time CQL does not return. */
  readonly writtenAt: readonly number[]
}

/** A table that can be read by key or as a whole. */
export interface RowReader {
  /** @throws Fault if Cassandra fails */
  row(key: readonly Buffer[]): Promise<StoredRow | undefined>
  /** The number of parts in which the table is read. */
  readonly parts: number
  /** The rows of one part, page by page. @throws Fault if Cassandra fails */
  rows(part: number): AsyncIterable<readonly StoredRow[]>
}

const parts = 256
const pageSize = 1000

const quoted = (name: string): string => `"${name}"`
const writtenAt = (column: string): string => `written_${column}`

/** A column's value as the driver received it. */
const bytesOf = (type: ColumnType, value: unknown): Buffer => {
  if (value instanceof types.LocalDate) return value.toBuffer()
  if (value instanceof Date) return encode('timestamp', value.getTime())
  if (type === 'map<text,text>') return encode(type, new Map(Object.entries(value as Record<string, string>)))
  return encode(type, value as string)
}

export const rowReader = (client: Client, definition: TableDefinition, { keyspace, table }: TableName): RowReader => {
  const { columns, partitionKey, clusteringKey } = definition
  const key = [...partitionKey, ...clusteringKey]
  const others = Object.entries(columns).filter(([name]) => !key.includes(name))
  const timed = others.filter(([, type]) => !type.startsWith('map')).map(([name]) => name)
  const all = [...key, ...others.map(([name]) => name)].map(quoted)
  const times = timed.map(name => `WRITETIME(${quoted(name)}) AS ${quoted(writtenAt(name))}`)
  const select = `SELECT ${[...all, ...times].join(', ')} FROM ${quoted(keyspace)}.${quoted(table)} WHERE `
  const token = `token(${partitionKey.map(quoted).join(', ')})`
  const byKey = select + key.map(name => `${quoted(name)} = ?`).join(' AND ')
  const byToken = `${select}${token} > ? AND ${token} <= ?`

  const execute = async (query: string, values: Buffer[], options = {}): Promise<types.ResultSet> => {
    try {
      return await client.execute(query, values, { prepare: true, ...options })
    } catch (error) {
      throw faultOf(error)
    }
  }

  const timeOf = (row: types.Row, name: string): number => {
    const time = row.get(writtenAt(name)) as types.Long | null | undefined
    return time === null || time === undefined ? NaN : Number(time)
  }

  const stored = (row: types.Row): StoredRow => {
    return {
      key: key.map(name => bytesOf(columns[name] ?? 'text', row.get(name))),
      values: others.map(([name, type]) => {
        const value: unknown = row.get(name)
        return value === null || value === undefined ? null : bytesOf(type, value)
      }),
      writtenAt: others.map(([name, type]) => (type.startsWith('map') ? NaN : timeOf(row, name))),
    }
  }

  return {
    row: async values => {
      const found = (await execute(byKey, [...values])).rows[0]
      return found === undefined ? undefined : stored(found)
    },
    parts,
    rows: async function* (part) {
      let pageState: string | undefined
      do {
        const paging = pageState === undefined ? {} : { pageState }
        const page = await execute(byToken, tokenRange(part, parts), { fetchSize: pageSize, ...paging })
        yield page.rows.map(stored)
        // Null at the end, although the driver's types do not say so.
        pageState = page.pageState || undefined
      } while (pageState !== undefined)
    },
  }
}
