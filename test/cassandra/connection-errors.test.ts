import assert from 'node:assert/strict'
import { Client, errors } from 'cassandra-driver'
import { describe, test } from 'node:test'
import { rememberConnectionErrors, requestFault } from '../../src/cassandra/connection-errors.ts'
import { Fault } from '../../src/model/faults.ts'

// It never connects: only its log matters.
const newClient = (): Client => new Client({ contactPoints: ['127.0.0.1'], localDataCenter: 'any' })

const messageOf = (fault: unknown): string =>
  fault instanceof Fault ? `${fault.kind}: ${fault.message}` : assert.fail()

const bare = new errors.NoHostAvailableError({})

describe('the fault of a request', () => {
  test('without any node that is up has the reason of the last failed connection', () => {
    const client = newClient()
    rememberConnectionErrors(client)
    assert.equal(messageOf(requestFault(client, bare)), 'transient: no node answers')
    client.emit('log', 'warning', 'Connection', 'There was an error', new Error('connect ECONNREFUSED'))
    client.emit('log', 'info', 'Connection', 'Something else')
    assert.equal(messageOf(requestFault(client, bare)), 'transient: no node answers (last tried: connect ECONNREFUSED)')
    client.emit('log', 'warning', 'Connection', 'There was an error', new errors.AuthenticationError('no'))
    assert.match(
      messageOf(requestFault(client, bare)),
      /^misconfigured: .*see CASSANDRA_USERNAME and CASSANDRA_PASSWORD/,
    )
  })

  test('has it also after an attempt on all nodes, but not from an error without a reason', () => {
    const client = newClient()
    rememberConnectionErrors(client)
    const all = new errors.NoHostAvailableError({ '127.0.0.1:9042': new errors.AuthenticationError('no') })
    client.emit('log', 'error', 'ControlConnection', 'failed to acquire a connection', all)
    client.emit('log', 'error', 'ControlConnection', 'failed to acquire a connection', bare)
    assert.match(
      messageOf(requestFault(client, bare)),
      /^misconfigured: .*see CASSANDRA_USERNAME and CASSANDRA_PASSWORD/,
    )
  })

  test('that was tried on a node has the reason that this node gave', () => {
    const client = newClient()
    rememberConnectionErrors(client)
    client.emit('log', 'warning', 'Connection', 'There was an error', new errors.AuthenticationError('no'))
    const tried = new errors.NoHostAvailableError({ '127.0.0.1:9042': new Error('closed') })
    assert.equal(messageOf(requestFault(client, tried)), 'transient: no node answers (127.0.0.1:9042: closed)')
  })
})
