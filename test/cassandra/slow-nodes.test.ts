import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Client, type Host } from 'cassandra-driver'
import { slowNodePolicies } from '../../src/cassandra/slow-nodes.ts'
import { avoidMs, SlowNodes } from '../../src/ledger/slow-nodes.ts'

const patienceMs = 500

/** As the driver uses it; its types only say that it is a function. */
interface Plan {
  nextExecution(host: Host): number
}

const nothing = (): void => undefined

const datacenter = 'datacenter1'

const hostOf = (address: string, up = true, of = datacenter): Host =>
  ({ address, datacenter: of, isUp: () => up }) as unknown as Host

const addHosts = (client: Client, hosts: readonly Host[]): void => {
  // The map is the driver's own; its types only leave out that a host can be set.
  const map = client.hosts as unknown as Map<string, Host>
  for (const host of hosts) map.set(host.address, host)
}

/** The policies of a client that is not connected, and the slow nodes that they know. */
const open = (hosts: readonly Host[] = ['a', 'b', 'c'].map(address => hostOf(address))) => {
  const slowNodes = new SlowNodes(patienceMs, { slow: nothing, recovered: nothing, gone: nothing })
  const { loadBalancing, speculativeExecution } = slowNodePolicies(slowNodes, () => 0, nothing)
  const client = new Client({ contactPoints: ['127.0.0.1'], localDataCenter: datacenter })
  addHosts(client, hosts)
  loadBalancing.init(client, client.hosts, nothing)
  const delayFor = (address: string): number =>
    (speculativeExecution.newPlan('', '') as Plan).nextExecution(hostOf(address))
  return { client, slowNodes, delayFor }
}

describe('a request goes to a second node', () => {
  test('if the first does not answer', () => {
    assert.equal(open().delayFor('a'), patienceMs)
  })

  test('if the first does not answer and one of the two others is slow', () => {
    const { slowNodes, delayFor } = open()
    slowNodes.suspect('b', 0)
    assert.equal(delayFor('a'), patienceMs)
  })

  test('later, if both others are slow', () => {
    const { slowNodes, delayFor } = open()
    slowNodes.suspect('b', 0)
    slowNodes.suspect('c', 0)
    assert.equal(delayFor('a'), avoidMs)
  })

  for (const [why, other] of [
    ['down', hostOf('c', false)],
    ['in another datacenter', hostOf('c', true, 'datacenter2')],
  ] as const) {
    test(`later, if one of the two others is slow and one ${why}`, () => {
      const { slowNodes, delayFor } = open([hostOf('a'), hostOf('b'), other])
      slowNodes.suspect('b', 0)
      assert.equal(delayFor('a'), avoidMs)
    })
  }

  for (const event of ['hostDown', 'hostRemove'] as const) {
    test(`soon again, after ${event} of one of two slow nodes`, () => {
      const { client, slowNodes, delayFor } = open()
      slowNodes.suspect('b', 0)
      slowNodes.suspect('c', 0)
      client.emit(event, hostOf('b'))
      assert.equal(delayFor('a'), patienceMs)
    })
  }
})
