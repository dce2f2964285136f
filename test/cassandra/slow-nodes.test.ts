import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Client, type Host } from 'cassandra-driver'
import { slowNodePolicies } from '../../src/cassandra/slow-nodes.ts'
import { SlowNodes } from '../../src/ledger/slow-nodes.ts'

const patienceMs = 500

/** As the driver uses it; its types only say that it is a function. */
interface Plan {
  nextExecution(host: Host): number
}

const nothing = (): void => undefined

const hostOf = (address: string): Host => ({ address }) as Host

/** The policies of a client that is not connected, and the slow nodes that they know. */
const open = () => {
  const slowNodes = new SlowNodes(patienceMs, { slow: nothing, recovered: nothing, gone: nothing })
  const { loadBalancing, speculativeExecution } = slowNodePolicies(slowNodes, patienceMs, () => 0)
  const client = new Client({ contactPoints: ['127.0.0.1'], localDataCenter: 'datacenter1' })
  // It fails, because there are no hosts yet.
  loadBalancing.init(client, client.hosts, nothing)
  const delayFor = (address: string): number =>
    (speculativeExecution.newPlan('', '') as Plan).nextExecution(hostOf(address))
  return { client, slowNodes, delayFor }
}

describe('a request goes to a second node', () => {
  test('if the first does not answer', () => {
    assert.equal(open().delayFor('a:9042'), patienceMs)
  })

  test('unless another node is slow already', () => {
    const { slowNodes, delayFor } = open()
    slowNodes.suspect('b:9042', 0)
    assert.equal(delayFor('a:9042'), -1)
    assert.equal(delayFor('b:9042'), patienceMs)
  })

  for (const event of ['hostDown', 'hostRemove'] as const) {
    test(`again, after ${event} of that slow node`, () => {
      const { client, slowNodes, delayFor } = open()
      slowNodes.suspect('b:9042', 0)
      client.emit(event, hostOf('b:9042'))
      assert.deepEqual(slowNodes.addresses, [])
      assert.equal(delayFor('a:9042'), patienceMs)
    })
  }
})
