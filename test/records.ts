import { JsonObject } from '../src/stream/json.ts'
import { type Accepted, type KafkaRecord, type Rejected } from '../src/model/record.ts'
import { defineStream, remove, type Row, type Stream, type TableDefinition, upsert } from '../src/stream/definition.ts'

/** A table of two columns beside its key. */
export const lettersTable = {
  columns: { p: 'text', r: 'text', a: 'text', b: 'text' },
  partitionKey: ['p'],
  clusteringKey: ['r'],
} as const satisfies TableDefinition

type LettersRow = Row<typeof lettersTable>

const typed = defineStream({
  name: 'letters',
  defaults: {
    topic: 'letters',
    deadLetterTopic: 'letters-dead',
    groupId: 'letters',
    keyspace: 'test',
    table: 'letters',
  },
  table: lettersTable,
  flatten: json => {
    const event = JsonObject.from(json)
    const key = { p: event.text('p') ?? 'P', r: event.text('r') ?? 'r' }
    if (event.boolean('gone') === true) return remove(key, 0)
    const [a, b] = [event.text('a'), event.text('b')]
    return upsert({ ...key, ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) }, 0)
  },
})

/** A stream that lives in the tests only: `{"p":"P","r":"r","a":"1"}` writes a row, with `"gone":true` it removes it. */
export const letters = typed as unknown as Stream

/** A record of partition 0 in assignment 1; its sequence, timestamps and size follow from its offset. */
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

/** A record whose value is this event's JSON. */
export const eventRecord = (offset: number, event: object, over: Partial<KafkaRecord> = {}): KafkaRecord =>
  record(offset, { value: Buffer.from(JSON.stringify(event)), ...over })

/** A version of row `r` in table partition `P`, unless told otherwise. */
export const accepted = (
  offset = 0,
  row: Partial<LettersRow> = {},
  { writeTimestamp = 1_000_000 + offset, gone = false } = {},
): Accepted => {
  const key = { p: row.p ?? 'P', r: row.r ?? 'r' }
  const change = gone ? remove(key, 0) : upsert({ ...row, ...key }, 0)
  return { kind: 'accepted', record: record(offset), change, writeTimestamp }
}

/** `count` versions of as many rows of one table partition. */
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
