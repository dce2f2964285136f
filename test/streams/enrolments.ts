import assert from 'node:assert/strict'
import { type Row } from '../../src/stream/definition.ts'
import stream from '../../streams/program-user-info/stream.ts'
import { type programEnrollment } from '../../streams/program-user-info/table.ts'

export type EnrolmentRow = Row<typeof programEnrollment>

/** The least that an event can have. */
export const valid = {
  programId: 'p1',
  userId: 'u1',
  createdAt: '2023-07-27T04:12:18.511Z',
  updatedAt: '2023-07-28T04:12:18.511Z',
}

export const changeOf = (event: unknown) => stream.flatten(event)

export const rowOf = (event: unknown): EnrolmentRow => {
  const change = changeOf(event)
  assert.equal(change.kind, 'upsert')
  return change.row
}

export const profileRow = (userProfile: unknown) => rowOf({ ...valid, userProfile })
