import assert from 'node:assert/strict'
import { type ChangeOf } from '../../src/stream/definition.ts'
import { eventReader } from '../../src/stream/json/read-event.ts'
import { Text } from '../../src/stream/text.ts'
import stream from '../../streams/program-user-info/stream.ts'

export type EnrolmentRow = Readonly<{
  program_id: string
  user_id: string
  program_externalid?: string | null
  program_name?: string | null
  pii_consent_required?: boolean | null
  organisation_id?: string | null
  organisation_name?: string | null
  user_type?: string | null
  user_sub_type?: string | null
  user_locations?: ReadonlyMap<string, string> | null
  created_at?: number | null
  updated_at?: number | null
}>

/** The smallest valid event. */
export const valid = {
  programId: 'p1',
  userId: 'u1',
  createdAt: '2023-07-27T04:12:18.511Z',
  updatedAt: '2023-07-28T04:12:18.511Z',
}

const read = eventReader(stream.event)

/** The change that a message with this value makes. */
export const changeOfBytes = (value: Buffer): ChangeOf<typeof stream.table> => stream.flatten(read(value))

/** The change that this event makes. It is written as JSON, read and flattened. */
export const changeOf = (event: unknown) => changeOfBytes(Buffer.from(JSON.stringify(event)))

const plain = (value: unknown): unknown => {
  if (value instanceof Text) return value.toString()
  return value instanceof Map ? new Map([...value].map(([key, inner]) => [String(key), plain(inner)])) : value
}

/** The written columns, with texts as strings. */
const writtenColumns = (change: ChangeOf<typeof stream.table>): EnrolmentRow => {
  assert.equal(change.kind, 'upsert')
  const written = Object.entries(change.row).filter(([, value]) => value !== undefined)
  return Object.fromEntries(written.map(([column, value]) => [column, plain(value)])) as EnrolmentRow
}

export const rowOf = (event: unknown): EnrolmentRow => writtenColumns(changeOf(event))

export const rowOfBytes = (value: Buffer): EnrolmentRow => writtenColumns(changeOfBytes(value))

export const profileRow = (userProfile: unknown) => rowOf({ ...valid, userProfile })
