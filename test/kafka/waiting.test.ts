import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Assignment } from '../../src/kafka/assignment.ts'
import { noLeader } from '../../src/kafka/cluster.ts'
import { Waiting } from '../../src/kafka/waiting.ts'

const watched = () => {
  const told: string[] = []
  const waiting = new Waiting({
    waits: (partition, offset, why) => void told.push(`${partition} waits at ${offset}: ${why}`),
    goesOn: partition => void told.push(`${partition} goes on`),
  })
  const assignment = new Assignment(1, [0, 1, 2], { maxBytes: 1, maxBytesPerPartition: 1, maxWaitMs: 1 }, () => 0)
  return { told, waiting, assignment }
}

describe('a partition that waits', () => {
  test('is reported once, and again if the reason changes', () => {
    const { told, waiting } = watched()
    waiting.waits(3, 105, 'no codec')
    waiting.waits(3, 105, 'no codec')
    waiting.waits(3, 105, 'cut off')
    assert.deepEqual(told, ['3 waits at 105: no codec', '3 waits at 105: cut off'])
  })

  test('is reported once when it continues, and only if it has waited', () => {
    const { told, waiting } = watched()
    waiting.over(3)
    waiting.waits(3, 105, 'no codec')
    waiting.over(3)
    waiting.over(3)
    assert.deepEqual(told, ['3 waits at 105: no codec', '3 goes on'])
  })

  test('without a leader waits at its position, if that is known', () => {
    const { told, waiting, assignment } = watched()
    assignment.locate(0, 7, 9)
    waiting.leaderless(assignment, [0, 1])
    assert.deepEqual(told, [`0 waits at 7: ${noLeader}`, `1 waits at -1: ${noLeader}`])
  })

  test('continues when it has a leader again, but not if it waits for another reason', () => {
    const { told, waiting, assignment } = watched()
    waiting.leaderless(assignment, [0, 1])
    waiting.waits(2, 105, 'no codec')
    told.length = 0
    waiting.leaderless(assignment, [1])
    waiting.leaderless(assignment, [])
    assert.deepEqual(told, ['0 goes on', '1 goes on'])
  })

  test('stops waiting when its assignment ends', () => {
    const { told, waiting } = watched()
    waiting.waits(0, 1, 'no codec')
    waiting.waits(2, 1, 'no codec')
    told.length = 0
    waiting.clear()
    waiting.clear()
    assert.deepEqual(told, ['0 goes on', '2 goes on'])
  })
})
