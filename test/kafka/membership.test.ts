import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { elapsedOf } from '../../src/kafka/elapsed.ts'
import { Membership } from '../../src/kafka/membership.ts'

const hour = 3_600_000

const clocks = () => {
  const now = { monotonic: 500, wall: 1_700_000_000_000 }
  const elapsed = elapsedOf(
    () => now.monotonic,
    () => now.wall,
  )
  const pass = (ms: number): void => {
    now.monotonic += ms
    now.wall += ms
  }
  return { now, elapsed, pass }
}

describe('elapsed time', () => {
  test('starts at 0 and follows both clocks', () => {
    const { elapsed, pass } = clocks()
    assert.equal(elapsed(), 0)
    pass(70)
    assert.equal(elapsed(), 70)
    assert.equal(elapsed(), 70)
  })

  test('continues when the wall clock is set back, without a wait', () => {
    const { now, elapsed, pass } = clocks()
    pass(10)
    elapsed()
    now.wall -= hour
    assert.equal(elapsed(), 10)
    pass(20)
    assert.equal(elapsed(), 30)
  })

  test('includes a suspension in which the monotonic clock stopped', () => {
    const { now, elapsed } = clocks()
    now.wall += hour
    assert.equal(elapsed(), hour)
  })

  test('never goes back, even if both clocks do', () => {
    const { now, elapsed } = clocks()
    now.wall -= 5
    now.monotonic -= 5
    assert.equal(elapsed(), 0)
  })
})

describe('a membership with a session of 60 ms', () => {
  const joined = () => {
    const all = clocks()
    const membership = new Membership(60, all.elapsed)
    membership.confirmed(all.elapsed())
    return { ...all, membership }
  }

  test('is not confirmed before the first response', () => {
    assert.equal(new Membership(60, () => 0).isConfirmed, false)
  })

  test('is confirmed for half a session after an answered request was sent', () => {
    const { membership, pass } = joined()
    pass(29)
    assert.equal(membership.isConfirmed, true)
    pass(1)
    assert.equal(membership.isConfirmed, false)
  })

  test('counts from the time of sending, however late the response is', () => {
    const { membership, pass, elapsed } = joined()
    pass(10)
    const sentAt = elapsed()
    pass(30)
    membership.confirmed(sentAt)
    assert.equal(membership.isConfirmed, false)
  })

  test('keeps the latest time if responses overtake each other', () => {
    const { membership, pass, elapsed } = joined()
    pass(20)
    membership.confirmed(elapsed())
    membership.confirmed(0)
    pass(29)
    assert.equal(membership.isConfirmed, true)
  })

  test('ends in time even if the wall clock is set back by an hour', () => {
    const { membership, now, pass } = joined()
    now.wall -= hour
    pass(29)
    assert.equal(membership.isConfirmed, true)
    pass(1)
    assert.equal(membership.isConfirmed, false)
  })

  test('is confirmed again by the next heartbeat after the clock was set back', () => {
    const { membership, now, pass, elapsed } = joined()
    now.wall -= hour
    pass(40)
    membership.confirmed(elapsed())
    assert.equal(membership.isConfirmed, true)
  })

  test('is over when the process wakes from a suspension', () => {
    const { membership, now } = joined()
    now.wall += hour
    assert.equal(membership.isConfirmed, false)
  })
})
