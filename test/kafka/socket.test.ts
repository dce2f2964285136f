import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { type ConnectionOptions } from 'node:tls'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { openSocket, WholeMessages } from '../../src/kafka/socket.ts'
import { freePort } from '../../rig/servers/ports.ts'

const message = (content: Uint8Array): Buffer => {
  const length = Buffer.alloc(4)
  length.writeInt32BE(content.length)
  return Buffer.concat([length, content])
}

const cut = (bytes: Buffer, at: readonly number[]): Buffer[] => {
  const places = [0, ...at.map(place => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end))
}

describe('messages of the protocol that arrive in pieces', () => {
  test('are emitted complete, in order and unchanged, wherever they are cut', () => {
    const contents = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 })
    fc.assert(
      fc.property(contents, fc.array(fc.nat(), { maxLength: 12 }), (parts, at) => {
        const bytes = Buffer.concat(parts.map(message))
        const messages = new WholeMessages()
        const given = cut(bytes, at).flatMap(piece => messages.add(piece))
        assert.deepEqual(given, parts.map(message))
      }),
    )
  })

  test('are held while a part is missing', () => {
    const bytes = message(Buffer.from('abc'))
    const messages = new WholeMessages()
    assert.deepEqual(messages.add(bytes.subarray(0, 6)), [])
    assert.deepEqual(Buffer.concat(messages.add(bytes.subarray(6))), bytes)
  })

  test('that are large get their memory while they arrive', () => {
    const bytes = message(Buffer.alloc(10_000_000, 'x'))
    const messages = new WholeMessages()
    const given = cut(bytes, [5_000_000, 5_000_001, 9_999_999]).flatMap(piece => messages.add(piece))
    assert.deepEqual(given, [bytes])
  })

  test('do not share the memory that they were read into', () => {
    const read = message(Buffer.from('abc'))
    const [given] = new WholeMessages().add(read)
    read.fill(0)
    assert.deepEqual(given, message(Buffer.from('abc')))
  })

  test('that are not of the protocol are held without an error', () => {
    assert.deepEqual(new WholeMessages().add(Buffer.alloc(20, 0xff)), [])
  })
})

describe('a connection that its peer closes', () => {
  /** What is emitted first of `error` and `end`, by a socket whose peer does this with it. */
  const endOf = async (peer: (socket: Socket) => void): Promise<string> => {
    const port = await freePort()
    const server = createServer(peer).listen(port, '127.0.0.1')
    await once(server, 'listening')
    const ssl = undefined as unknown as ConnectionOptions
    const socket = openSocket({ host: '127.0.0.1', port, ssl, onConnect: () => undefined })
    try {
      socket.resume()
      return await Promise.race([
        once(socket, 'error').then(([error]) => (error as Error).message),
        once(socket, 'end').then(() => 'end'),
      ])
    } finally {
      socket.destroy()
      server.close()
    }
  }

  test('before any response fails', async () => {
    assert.equal(await endOf(socket => socket.end()), 'connection closed before any response')
  })

  test('after a response ends', async () => {
    assert.equal(await endOf(socket => socket.end(message(Buffer.from('abc')))), 'end')
  })
})
