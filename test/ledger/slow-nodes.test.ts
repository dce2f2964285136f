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
    assert.deepEqual(said, ['slow a', 'recovered a'])
  })

  test('is forgotten when it is down or has left the cluster', () => {
    const { nodes, said } = open()
    nodes.suspect('a', 0)
    nodes.forget('a')
    nodes.forget('b')
    assert.equal(nodes.isAvoided('a', 1), false)
    assert.deepEqual(said, ['slow a', 'gone a'])
  })

  test('is reported once, however many requests wait for it', () => {
    const { nodes, said } = open()
    for (const now of [0, 1, 2]) nodes.suspect('a', now)
    assert.deepEqual(said, ['slow a'])
  })
})

describe('before a request goes to a second node as well, it waits', () => {
  const table: readonly [title: string, slow: readonly string[], others: readonly string[], waitMs: number][] = [
    ['for the patience, if no node is slow', [], ['b', 'c'], patienceMs],
    ['for the patience, if this node alone is slow', ['a'], ['b', 'c'], patienceMs],
    ['for the patience, if half of the others are slow', ['b'], ['b', 'c'], patienceMs],
    ['for the patience, if there is no other node', [], [], patienceMs],
    ['until one may be tried again, if the only other is slow', ['b'], ['b'], avoidMs],
    ['until one may be tried again, if most of the others are slow', ['b', 'c'], ['b', 'c', 'd'], avoidMs],
  ]
  for (const [title, slow, others, waitMs] of table) {
    test(title, () => {
      const { nodes } = open()
      for (const address of slow) nodes.suspect(address, 0)
      assert.equal(
        nodes.patienceBeside(() => others, 0),
        waitMs,
      )
    })
  }

  test('for less, the sooner one may be tried again, but never less than the patience', () => {
    const { nodes } = open()
    nodes.suspect('b', 0)
    nodes.suspect('c', 1_000)
    assert.equal(
      nodes.patienceBeside(() => ['b', 'c'], 2_000),
      avoidMs - 2_000,
    )
    assert.equal(
      nodes.patienceBeside(() => ['b', 'c'], avoidMs - 1),
      patienceMs,
    )
  })
})
