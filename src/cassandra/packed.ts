import { type PackedChange, type PackedStream } from '../model/change.ts'
import {
  type Change,
  type Columns,
  type ColumnType,
  type ColumnTypes,
  type Stream,
  type TableDefinition,
} from '../stream/definition.ts'
import { eventReader } from '../stream/json/read-event.ts'
import { rowKey } from '../stream/row-key.ts'
import { nullLength, unsetLength, writers } from './encode.ts'
import { checkKeyLength } from './key-length.ts'
import { Slab } from './slab.ts'

interface Column {
  readonly name: string
  readonly write: (slab: Slab, value: ColumnTypes[ColumnType]) => void
}

const nothing: readonly string[] = []

/** Writes the values of the columns. Returns the names of unset columns. */
const writeColumns = (slab: Slab, columns: readonly Column[], values: Columns): readonly string[] => {
  let leaves: string[] | undefined
  for (const { name, write } of columns) {
    const value = values[name]
    if (value === undefined) {
      slab.int(unsetLength)
      leaves ??= []
      leaves.push(name)
    } else if (value === null) slab.int(nullLength)
    else write(slab, value)
  }
  return leaves ?? nothing
}

/** Encodes changes of one table into the bytes that their statement sends. */
export const packer = (definition: TableDefinition): ((change: Change) => PackedChange) => {
  const column = (name: string): Column => {
    const type = definition.columns[name]
    if (type === undefined) throw new Error(`the table definition has no column ${name}`)
    return { name, write: writers[type] as Column['write'] }
  }
  const columnNames = Object.keys(definition.columns)
  const keyNames = [...definition.partitionKey, ...definition.clusteringKey]
  const columns = columnNames.map(column)
  const key = keyNames.map(column)
  const slab = new Slab()

  return change => {
    const { kind, eventTime } = change
    const { partition, row } = rowKey(definition, change)
    slab.begin()
    const leaves = kind === 'upsert' ? writeColumns(slab, columns, change.row) : writeColumns(slab, key, change.key)
    const { written } = slab
    checkKeyLength(definition, kind === 'upsert' ? columnNames : keyNames, written)
    const { bytes, start, end } = written
    return { kind, partition, row, leaves, eventTime, bytes, start, end }
  }
}

/** The stream as the pipeline runs it: events are read by their shape, and changes are encoded at once. */
export const packed = (stream: Stream): PackedStream => {
  const pack = packer(stream.table)
  return { read: eventReader(stream.event), flatten: event => pack(stream.flatten(event)) }
}
