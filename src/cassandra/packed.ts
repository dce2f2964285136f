import { type Change, type Columns, type Stream } from '../stream/definition.ts'
import { encoders } from './encode.ts'

// As an object a map of ten texts takes about ten times the room of its bytes; no other type gains so much.
const mapType = 'map<text,text>'

/**
 * The same stream, its maps encoded as soon as they are made: thousands of rows wait for a writer, and what waits is
 * what the garbage collector moves about and what a worker's memory is made of.
 */
export const packed = (stream: Stream): Stream => {
  const { columns } = stream.table
  const names = Object.keys(columns).filter(name => columns[name] === mapType)

  const pack = (row: Columns): Columns => {
    const bytes: Record<string, Buffer> = {}
    for (const name of names) {
      const value = row[name]
      if (value instanceof Map) bytes[name] = encoders[mapType](value as ReadonlyMap<string, string>)
    }
    return { ...row, ...bytes }
  }

  const packChange = (change: Change): Change =>
    change.kind === 'upsert' ? { ...change, row: pack(change.row) } : change

  return names.length === 0 ? stream : { ...stream, flatten: event => packChange(stream.flatten(event)) }
}
