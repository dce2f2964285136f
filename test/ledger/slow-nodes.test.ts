import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { avoidMs, SlowNodes } from '../../src/ledger/slow-nodes.ts'

const patienceMs = 400

const open = (): { nodes: SlowNodes; said: string[] } => {
  const said: string[] = []
  const nodes = new SlowNodes(patienceMs, {
    slow: address => void said.push(`slow ${address}`),
    recovered: address => void said.push(`recovered ${address}`),
    gone: address => void said.push(`gone ${address}`),
  })
  return { nodes, said }
}

describe('a node that let a request wait', () => {
  test('is avoided, the others are not', () => {
    const { nodes } = open()
    nodes.suspect('a', 0)
    assert.equal(nodes.isAvoided('a', 1), true)
    assert.equal(nodes.isAvoided('b', 1), false)
  })

  test('is tried by one request after a while, and not by the next', () => {
    const { nodes } = open()
    nodes.suspect('a', 0)
    assert.equal(nodes.isAvoided('a', avoidMs - 1), true)
    assert.equal(nodes.isAvoided('a', avoidMs), false)
    assert.equal(nodes.isAvoided('a', avoidMs), true)
  })

  test('is avoided again if the trial is slow too', () => {
    const { nodes, said } = open()
    nodes.suspect('a', 0)
    nodes.isAvoided('a', avoidMs)
    nodes.suspect('a', avoidMs + patienceMs)
    assert.equal(nodes.isAvoided('a', 2 * avoidMs), true)
    assert.deepEqual(said, ['slow a'])
  })

  test('is used again if the trial is not slow', () => {
    const { nodes, said } = open()
    nodes.suspect('a', 0)
    nodes.isAvoided('a', avoidMs)
    assert.equal(nodes.isAvoided('a', avoidMs + 2 * patienceMs), false)
    assert.equal(nodes.isAvoided('a', avoidMs + 2 * patienceMs), false)
    assert.deepEqual(nodes.addresses, [])
    assert.deepEqual(said, ['slow a', 'recovered a'])
  })

  test('is forgotten when it is down or has left the cluster', () => {
    const { nodes, said } = open()
    nodes.suspect('a', 0)
    nodes.forget('a')
    nodes.forget('b')
    assert.deepEqual(nodes.addresses, [])
    assert.equal(nodes.isAvoided('a', 1), false)
    assert.deepEqual(said, ['slow a', 'gone a'])
  })

  test('is reported once, however many requests wait for it', () => {
    const { nodes, said } = open()
    for (const now of [0, 1, 2]) nodes.suspect('a', now)
    assert.deepEqual(said, ['slow a'])
    assert.deepEqual(nodes.addresses, ['a'])
  })
})
