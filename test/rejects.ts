import assert from 'node:assert/strict'
import { type Reason, InvalidEvent } from '../src/stream/invalid-event.ts'

/** Asserts that a step throws exactly this InvalidEvent. */
export const rejects = (step: () => unknown, reason: Reason, message: string) =>
  assert.throws(step, error => {
    assert.ok(error instanceof InvalidEvent)
    assert.deepEqual([error.reason, error.message], [reason, message])
    return true
  })
