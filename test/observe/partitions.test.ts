import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { lagOf, Partitions } from '../../src/observe/partitions.ts'

describe('lag', () => {
  test('grows with the topic without reads', () => {
    const partitions = new Partitions()
    partitions.assigned([0, 1])
    partitions.reached(0, 10, 12)
    partitions.reached(1, 5, 5)
    assert.equal(partitions.lag, 2)
    partitions.ended(new Map([[0, 40], [1, 6], [7, 1000]])) // prettier-ignore
    assert.deepEqual(partitions.states.map(lagOf), [30, 1])
  })

  test('is unknown without a position, and never below zero', () => {
    const partitions = new Partitions()
    partitions.assigned([3])
    partitions.ended(new Map([[3, 9]]))
    assert.deepEqual(partitions.states.map(lagOf), [undefined])
    partitions.reached(3, 11, 11)
    partitions.ended(new Map([[3, 9]]))
    assert.deepEqual(partitions.states.map(lagOf), [0])
  })

  test('is that of the assigned partitions only', () => {
    const partitions = new Partitions()
    partitions.assigned([0, 1])
    partitions.reached(0, 0, 100)
    partitions.assigned([1])
    partitions.reached(0, 0, 100)
    assert.deepEqual([partitions.lag, partitions.states.length], [0, 1])
  })
})
