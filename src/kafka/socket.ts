import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type ISocketFactory } from 'kafkajs'
import { withReason } from '../net/connection-failure.ts'

const keepAliveMs = 60_000
const lengthBytes = 4
const empty = Buffer.alloc(0)

/** Buffers bytes, without a copy, until their message is complete. Every message starts with its length. */
export class WholeMessages {
  #held: Buffer[] = []
  // The missing bytes of the current message; 0 until its length is known.
  #missing = 0
  #head: Buffer = empty

  /** Returns, in order, the buffered chunks and the bytes of this one up to the end of the last complete message. */
  add(chunk: Buffer): Buffer[] {
    let whole = 0
    let at = 0
    while (at < chunk.length) {
      if (this.#missing === 0) {
        const length = chunk.subarray(at, at + lengthBytes - this.#head.length)
        this.#head = this.#head.length === 0 ? length : Buffer.concat([this.#head, length])
        at += length.length
        if (this.#head.length < lengthBytes) break
        const needed = this.#head.readInt32BE(0)
        // Another protocol may look like a negative length. Then no message is ever complete.
        this.#missing = needed < 0 ? Infinity : needed
        this.#head = empty
      }
      const taken = Math.min(this.#missing, chunk.length - at)
      this.#missing -= taken
      at += taken
      if (this.#missing === 0) whole = at
    }
    const completed = whole === 0 ? [] : [...this.#held, chunk.subarray(0, whole)]
    if (whole > 0) this.#held = []
    if (whole < chunk.length) this.#held.push(chunk.subarray(whole))
    return completed
  }
}

/** The address has accepted and closed the connection, as a load balancer without its broker does. */
const unanswered = (): Error =>
  Object.assign(new Error('connection closed before any response'), { code: 'ECONNRESET' })

/**
 * Sockets that emit only complete messages, and fail if they are closed before the first one.
 *
 * Complete: if a connection is cut, the client (2.2.4, network/connection.js) keeps the part of a message that it has. It takes
 * the first bytes of the next connection for the rest, finds no message from then on, and every fetch times out.
 *
 * Fail: the client tries another broker only after a failed connection (cluster/brokerPool.js, connect). After a closed one it
 * tries the same address forever.
 */
export const openSocket: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const name = isIP(host) === 0 ? { servername: host } : {}
  // Missing without TLS, although its type says otherwise.
  const tls = ssl as typeof ssl | null | undefined
  const socket: Socket = tls
    ? connectTls({ host, port, ...name, ...tls }, onConnect)
    : connect({ host, port }, onConnect)
  socket.setKeepAlive(true, keepAliveMs)
  const messages = new WholeMessages()
  let answered = false
  const emit = socket.emit.bind(socket) as (event: string | symbol, ...args: unknown[]) => boolean
  socket.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event === 'end' && !answered && !socket.writableEnded) return emit('error', unanswered())
    if (event === 'error') return emit(event, withReason(args[0]))
    if (event !== 'data') return emit(event, ...args)
    answered = true
    for (const bytes of messages.add(args[0] as Buffer)) emit(event, bytes)
    return true
  }
  return socket
}
