import { batchRows, type Statement } from './write-batches.ts'
import { encodeMap } from './encode-map.ts'
import { parse, toParams } from './flatten.ts'

/** Messages as INSERTs in batches of one programme each. */
export const group = (values: Iterable<Buffer | null>, query: string): Statement[][] => {
  const open = new Map<string, Statement[]>()
  const batches: Statement[][] = []
  for (const value of values) {
    const event = parse(value)
    let batch = open.get(event.programId)
    if (batch === undefined || batch.length === batchRows) {
      batch = []
      open.set(event.programId, batch)
      batches.push(batch)
    }
    batch.push({ query, params: toParams(event, encodeMap) })
  }
  return batches
}
