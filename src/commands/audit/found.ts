import { type Digester } from '../../audit/cells.ts'
import { nothingFound } from '../../audit/judge.ts'
import { type Found } from '../../audit/version.ts'
import { encode } from '../../cassandra/encode.ts'
import { type StoredRow } from '../../cassandra/row-reader.ts'
import { mendMap, mendText } from '../mend/print-outs.ts'

const mapOf = (bytes: Buffer): Map<string, string> => {
  const map = new Map<string, string>()
  for (let at = 4; at < bytes.length;) {
    const valueAt = at + 4 + bytes.readInt32BE(at)
    const end = valueAt + 4 + bytes.readInt32BE(valueAt)
    map.set(bytes.toString('utf8', at + 4, valueAt), bytes.toString('utf8', valueAt + 4, end))
    at = end
  }
  return map
}

/** A value after print-outs of a Scala `Option` are repaired. */
const mended = (value: Buffer | null, isMap: boolean): Buffer | null => {
  if (value === null || (!value.includes('Some(') && !value.includes('None'))) return value
  if (isMap) return encode('map<text,text>', mendMap(mapOf(value)))
  const text = mendText(value.toString())
  return text === null ? null : encode('text', text)
}

/** The digests of a row that was read. */
export const foundOf = (
  digester: Digester,
  types: readonly string[],
  hash: string,
  row: StoredRow | undefined,
): Found => {
  if (row === undefined) return nothingFound(hash, digester.names.length)
  const isPrintable = (index: number): boolean => types[index] === 'text' || types[index]?.startsWith('map') === true
  return {
    hash,
    cells: digester.ofValues(row.values),
    mended: digester.ofValues(
      row.values.map((value, index) => (isPrintable(index) ? mended(value, types[index] !== 'text') : value)),
    ),
    writtenAt: Float64Array.from([NaN, ...row.writtenAt]),
  }
}
