import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type CrashKind } from '../../src/kafka/faults.ts'
import { Restarts } from '../../src/kafka/restarts.ts'

const crashes = (restarts: Restarts, ...kinds: readonly CrashKind[]): (number | undefined)[] =>
  kinds.map(kind => restarts.crashed(kind))

describe('crashes of the consumer', () => {
  test('are counted up to the maximum of refusals', () => {
    assert.deepEqual(crashes(new Restarts(2), 'refused', 'refused', 'refused'), [1, 2, undefined])
  })

  test('are allowed forever while the brokers cannot be reached', () => {
    const restarts = new Restarts(0)
    for (let crash = 1; crash <= 1000; crash += 1) assert.equal(restarts.crashed('unreachable'), crash)
  })

  test('by rebalances do not count as refusals', () => {
    const restarts = new Restarts(0)
    for (let crash = 1; crash <= 1000; crash += 1) assert.equal(restarts.crashed('churn'), crash)
  })

  test('of all kinds increase the delay, but only refusals end the process', () => {
    assert.deepEqual(crashes(new Restarts(1), 'churn', 'refused', 'unreachable', 'refused'), [1, 2, 3, undefined])
  })

  test('are reset by a response, but refusals only after every partition was answered', () => {
    const restarts = new Restarts(2)
    restarts.joined([0, 1])
    assert.deepEqual(crashes(restarts, 'refused', 'refused'), [1, 2])
    restarts.answered(0)
    restarts.answered(0)
    assert.deepEqual(crashes(restarts, 'refused'), [undefined])
  })

  test('end the process if one partition is refused repeatedly, even if others are read', () => {
    const restarts = new Restarts(3)
    const found: (number | undefined)[] = []
    for (let time = 0; time < 5; time += 1) {
      restarts.joined([0, 1])
      restarts.answered(0)
      found.push(restarts.crashed('refused'))
    }
    assert.deepEqual(found, [1, 1, 1, undefined, undefined])
  })

  test('on a quiet topic do not add up over months, because empty responses count', () => {
    const restarts = new Restarts(1)
    for (let month = 0; month < 12; month += 1) {
      restarts.joined([0, 1])
      restarts.answered(0)
      restarts.answered(1)
      assert.equal(restarts.crashed('refused'), 1)
    }
  })

  test('of a member without partitions do not add up', () => {
    const restarts = new Restarts(1)
    for (let time = 0; time < 5; time += 1) {
      restarts.joined([])
      assert.notEqual(restarts.crashed('refused'), undefined)
    }
  })

  test('are forgotten once the partitions of the last join are answered', () => {
    const restarts = new Restarts(1)
    restarts.joined([0, 1])
    restarts.crashed('refused')
    restarts.joined([1])
    restarts.answered(1)
    assert.equal(restarts.crashed('refused'), 1)
  })
})
