import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type ISocketFactory } from 'kafkajs'
import { withReason } from '../net/connection-failure.ts'

const keepAliveMs = 60_000
const lengthBytes = 4
// Memory is allocated as a message arrives: its length may be wrong, or of another protocol.
const firstRoom = 4_194_304
const readBytes = 65_536

/** Puts messages together from pieces. Every message starts with its length. */
export class WholeMessages {
  readonly #head = Buffer.alloc(lengthBytes)
  #headFilled = 0
  #size = 0
  #message: Buffer | undefined
  #filled = 0

  /** Returns the messages that are complete with these bytes, each in memory of its own. */
  add(bytes: Buffer): Buffer[] {
    const complete: Buffer[] = []
    let at = 0
    while (at < bytes.length) {
      at = this.#message === undefined ? this.#begin(bytes, at) : this.#fill(this.#message, bytes, at)
      if (this.#message === undefined || this.#filled < this.#size) continue
      complete.push(this.#message)
      this.#message = undefined
    }
    return complete
  }

  /** Takes the length of a message. Returns where the rest of the bytes starts. */
  #begin(bytes: Buffer, at: number): number {
    const taken = bytes.copy(this.#head, this.#headFilled, at)
    this.#headFilled += taken
    if (this.#headFilled < lengthBytes) return at + taken
    this.#headFilled = 0
    const length = this.#head.readInt32BE(0)
    // Another protocol may look like a negative length. Then no message is ever complete.
    this.#size = length < 0 ? Infinity : lengthBytes + length
    this.#message = Buffer.allocUnsafe(Math.min(this.#size, firstRoom))
    this.#filled = this.#head.copy(this.#message)
    return at + taken
  }

  #fill(message: Buffer, bytes: Buffer, at: number): number {
    if (this.#size === Infinity) return bytes.length
    const end = Math.min(bytes.length, at + this.#size - this.#filled)
    let room = message
    if (this.#filled + end - at > message.length) {
      room = Buffer.allocUnsafe(Math.min(this.#size, 2 * message.length))
      message.copy(room, 0, 0, this.#filled)
      this.#message = room
    }
    this.#filled += bytes.copy(room, this.#filled, at, end)
    return end
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
  const messages = new WholeMessages()
  let answered = false
  // One buffer for all reads. Otherwise each read allocates one, which stays until the garbage collector runs.
  const onread = {
    buffer: Buffer.allocUnsafeSlow(readBytes),
    callback: (count: number, buffer: Uint8Array): boolean => {
      answered = true
      for (const message of messages.add(Buffer.from(buffer.buffer, buffer.byteOffset, count)))
        socket.emit('data', message)
      return true
    },
  }
  const name = isIP(host) === 0 ? { servername: host } : {}
  // Missing without TLS, although its type says otherwise.
  const tls = ssl as typeof ssl | null | undefined
  const secure = { host, port, onread, ...name, ...tls }
  const socket: Socket = tls ? connectTls(secure, onConnect) : connect({ host, port, onread }, onConnect)
  socket.setKeepAlive(true, keepAliveMs)
  const emit = socket.emit.bind(socket) as (event: string | symbol, ...args: unknown[]) => boolean
  socket.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event === 'end' && !answered && !socket.writableEnded) return emit('error', unanswered())
    if (event === 'error') return emit(event, withReason(args[0]))
    return emit(event, ...args)
  }
  return socket
}
