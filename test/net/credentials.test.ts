import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo } from 'node:net'
import { createServer } from 'node:tls'
import { test } from 'node:test'
import { openSocket } from '../../src/kafka/socket.ts'
import { currentLogin, currentPem } from '../../src/net/credentials.ts'
import { certificate, privateKey } from '../config/pem.ts'

test('a replaced CA certificate applies to the next connection', async context => {
  const server = createServer({ cert: certificate, key: privateKey })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => server.close())
  const { port } = server.address() as AddressInfo
  let trusted = ''
  const files = { enabled: true, ca: () => trusted, cert: undefined, key: undefined }
  const ssl = Object.assign(currentPem(files), { servername: 'test' })
  const attempt = (): Promise<string> =>
    new Promise(resolve => {
      const socket = openSocket({ host: '127.0.0.1', port, ssl, onConnect: () => resolve('connected') })
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      context.after(() => socket.destroy())
    })

  assert.equal(await attempt(), 'DEPTH_ZERO_SELF_SIGNED_CERT')
  trusted = certificate
  assert.equal(await attempt(), 'connected')
})

test('missing files are left out, so that the defaults of Node apply', () => {
  assert.deepEqual(Object.keys(currentPem({ enabled: true, ca: undefined, cert: undefined, key: undefined })), [])
})

test('a replaced password applies to the next login', () => {
  let password = 'old'
  const login = currentLogin({ username: 'u', password: () => password })
  assert.deepEqual({ ...login }, { username: 'u', password: 'old' })
  password = 'new'
  assert.equal(login.password, 'new')
})
