import assert from 'node:assert/strict'
import { type Reason, Rejection } from '../src/rejection.ts'

/** Asserts that a step throws exactly this Rejection. */
export const rejects = (step: () => unknown, reason: Reason, message: string) =>
  assert.throws(step, error => {
    assert.ok(error instanceof Rejection)
    assert.deepEqual([error.reason, error.message], [reason, message])
    return true
  })
