import { type Client, types } from 'cassandra-driver'
import { type ColumnType, type TableDefinition } from '../stream/definition.ts'
import { type TableName } from './check.ts'
import { encode } from './encode.ts'
import { faultOf } from './faults.ts'
import { tokenRange } from './token-ranges.ts'

/** A row as it lies in the table. */
export interface StoredRow {
  /** The key's values, as the native protocol has them. */
  readonly key: readonly Buffer[]
  /** The other columns' values, in the order of the table's definition. */
  readonly values: readonly (Buffer | null)[]
  /** Microseconds at which each of them was written; NaN for null, and for a map, whose time cannot be read. */
  readonly writtenAt: readonly number[]
}

/** A table to read, by key or as a whole. */
export interface RowReader {
  /** @throws Fault when Cassandra is in trouble */
  row(key: readonly Buffer[]): Promise<StoredRow | undefined>
  /** How many parts the table is read in. */
  readonly parts: number
  /** A page of rows after the other. @throws Fault when Cassandra is in trouble */
  rows(part: number): AsyncIterable<readonly StoredRow[]>
}

const parts = 256
const pageSize = 1000

const quoted = (name: string): string => `"${name}"`
const writtenAt = (column: string): string => `written_${column}`

/** What the driver gives for a column, as it came. */
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
        // Null at the end, whatever the driver's types say.
        pageState = page.pageState || undefined
      } while (pageState !== undefined)
    },
  }
}
