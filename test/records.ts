import assert from 'node:assert/strict'
import { packed, packer } from '../src/cassandra/packed.ts'
import { type PackedChange } from '../src/model/change.ts'
import { type Accepted, type KafkaRecord, type Rejected } from '../src/model/record.ts'
import { defineStream, remove, type Row, type TableDefinition, upsert } from '../src/stream/definition.ts'
import { boolean, object, optional, text } from '../src/stream/shape.ts'

/** A table with two columns besides its key. */
export const lettersTable = {
  columns: { p: 'text', r: 'text', a: 'text', b: 'text' },
  partitionKey: ['p'],
  clusteringKey: ['r'],
} as const satisfies TableDefinition

type LettersRow = Row<typeof lettersTable>

/** A stream for tests: `{"p":"P","r":"r","a":"1"}` writes a row, and `"gone":true` removes it. */
export const lettersStream = defineStream({
  name: 'letters',
  defaults: {
    topic: 'letters',
    deadLetterTopic: 'letters-dead',
    groupId: 'letters',
    keyspace: 'test',
    table: 'letters',
  },
  event: object({
    p: optional(text),
    r: optional(text),
    a: optional(text),
    b: optional(text),
    gone: optional(boolean),
  }),
  table: lettersTable,
  flatten: ({ p, r, a, b, gone }) => {
    const key = { p: p ?? 'P', r: r ?? 'r' }
    return gone === true ? remove(key, 0) : upsert({ ...key, a, b }, 0)
  },
})

/** The same stream in the form that the pipeline uses. */
export const letters = packed(lettersStream)

/** A packed change of the stream `letters`. */
export const pack = packer(lettersTable)

/** The columns that a packed upsert sets, with their values as text or `null`. */
export const lettersOf = ({ bytes, start, end }: PackedChange): [column: string, value: string][] => {
  const columns: [string, string][] = []
  let at = start
  for (const column of Object.keys(lettersTable.columns)) {
    const length = bytes.readInt32BE(at)
    const next = at + 4 + Math.max(0, length)
    if (length >= -1) columns.push([column, length === -1 ? 'null' : bytes.toString('utf8', at + 4, next)])
    at = next
  }
  assert.equal(at, end)
  return columns
}

/** A record of partition 0 in assignment 1, with sequence, timestamps and size derived from its offset. */
export const record = (offset = 0, over: Partial<KafkaRecord> = {}): KafkaRecord => ({
  partition: 0,
  offset,
  assignment: 1,
  sequence: offset,
  timestamp: 1000 + offset,
  writeTimestamp: 1_000_000 + offset,
  key: null,
  value: null,
  headers: {},
  bytes: 1,
  ...over,
})

export const records = (...offsets: readonly number[]): KafkaRecord[] => offsets.map(offset => record(offset))

/** A record with this event as JSON. */
export const eventRecord = (offset: number, event: object, over: Partial<KafkaRecord> = {}): KafkaRecord =>
  record(offset, { value: Buffer.from(JSON.stringify(event)), ...over })

/** A version of a row, by default row `r` in table partition `P`. */
export const accepted = (
  offset = 0,
  row: Partial<LettersRow> = {},
  { writeTimestamp = 1_000_000 + offset, gone = false } = {},
): Accepted => {
  const key = { p: row.p ?? 'P', r: row.r ?? 'r' }
  const change = gone ? remove(key, 0) : upsert({ ...row, ...key }, 0)
  return { kind: 'accepted', record: record(offset), change: pack(change), writeTimestamp }
}

/** `count` rows of one table partition, with one version each. */
export const rows = (count: number): Accepted[] =>
  Array.from({ length: count }, (_, offset) => accepted(offset, { r: `r${offset}`, a: 'x' }))

export const rejected = (offset = 0, over: Partial<KafkaRecord> = {}): Rejected => ({
  kind: 'rejected',
  record: record(offset, over),
  stage: 'parse',
  reason: 'not-json',
  message: 'is not JSON',
})

export const offsetsOf = (items: readonly KafkaRecord[]): string => items.map(({ offset }) => offset).join(' ')
