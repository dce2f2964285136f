import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type ISocketFactory } from 'kafkajs'
import { withReason } from '../net/connection-failure.ts'

const keepAliveMs = 60_000
const lengthBytes = 4
const empty = Buffer.alloc(0)

/** Holds bytes back until their message is whole, without copying them. Every message begins with its length. */
export class WholeMessages {
  #held: Buffer[] = []
  // Bytes of the message that is under way; still unknown while not even its length is here.
  #missing = 0
  #head: Buffer = empty

  /** What this chunk completes, in order: the chunks held back, and its own bytes up to the end of the last whole message. */
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
        // What speaks another protocol may say a length below zero: nothing of it is ever whole.
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

/** The address has accepted the connection and closed it: a proxy or load balancer whose broker is gone does so. */
const unanswered = (): Error => Object.assign(new Error('closed before any answer'), { code: 'ECONNRESET' })

/**
 * Sockets that give whole messages only, and fail when they are closed before the first.
 *
 * Whole: the client (2.2.4, network/connection.js) keeps what it has of a message when the connection is cut, and takes
 * the next connection's first bytes for the rest of it: from then on it finds no message on that connection again, and
 * every fetch times out, for ever.
 *
 * Fail: only after a failed connection does the client try another broker (cluster/brokerPool.js, connect); after one
 * that was closed it tries the same address again, for ever.
 */
export const openSocket: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const name = isIP(host) === 0 ? { servername: host } : {}
  // Without TLS there is none, whatever its type says.
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
