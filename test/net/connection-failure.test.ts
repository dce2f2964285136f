import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { withReason } from '../../src/net/connection-failure.ts'
import { unresolved } from '../../src/net/unresolved.ts'
import { freePort } from '../../rig/servers/ports.ts'

describe('a connection that fails', () => {
  test('at all addresses of a name reports each address with its reason', async () => {
    const port = await freePort()
    const both = [
      { address: '127.0.0.1', family: 4 },
      { address: '127.0.0.2', family: 4 },
    ]
    const socket = connect({
      host: 'kafka',
      port,
      autoSelectFamily: true,
      lookup: (_name, _options, done) => done(null, both),
    })
    const [error] = (await once(socket, 'error').catch((thrown: unknown) => [thrown])) as [Error]
    assert.equal(error.message, '')
    assert.equal((withReason(error) as Error).message, `ECONNREFUSED 127.0.0.1:${port}, ECONNREFUSED 127.0.0.2:${port}`)
  })

  test('at its only address is unchanged', () => {
    const error = new Error('connect ECONNREFUSED 127.0.0.1:9092')
    assert.equal(withReason(error), error)
    assert.equal(error.message, 'connect ECONNREFUSED 127.0.0.1:9092')
  })
})

test('names that cannot be resolved are reported; addresses are ignored', async () => {
  const asked: string[] = []
  const found = await unresolved(['10.0.0.1', 'here', '::1', 'gone'], name => {
    asked.push(name)
    return name === 'here' ? Promise.resolve() : Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' }))
  })
  assert.deepEqual([found, asked], [['gone (ENOTFOUND)'], ['here', 'gone']])
})
