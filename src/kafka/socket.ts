import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type ISocketFactory } from 'kafkajs'

const keepAliveMs = 60_000
const lengthBytes = 4

/** Every message of Kafka's protocol begins with its length; gives where the last whole one ends. */
const endOfWhole = (bytes: Buffer): number => {
  let end = 0
  while (end + lengthBytes <= bytes.length) {
    const next = end + lengthBytes + bytes.readInt32BE(end)
    // What speaks another protocol may say a length below zero.
    if (next < end + lengthBytes || next > bytes.length) break
    end = next
  }
  return end
}

/** Holds bytes back until their message is whole. */
export class WholeMessages {
  #chunks: Buffer[] = []
  #buffered = 0
  #needed = lengthBytes

  /** The messages that are whole with this chunk, if any. */
  add(chunk: Buffer): Buffer | undefined {
    this.#chunks.push(chunk)
    this.#buffered += chunk.length
    if (this.#buffered < this.#needed) return undefined
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks)
    const end = endOfWhole(bytes)
    const rest = bytes.subarray(end)
    this.#chunks = [rest]
    this.#buffered = rest.length
    this.#needed = lengthBytes + (rest.length < lengthBytes ? 0 : rest.readInt32BE(0))
    return end === 0 ? undefined : bytes.subarray(0, end)
  }
}

/**
 * Sockets that give whole messages only. The client (2.2.4, network/connection.js) keeps what it has of a message when
 * the connection is cut, and takes the next connection's first bytes for the rest of it: from then on it finds no message
 * on that connection again, and every fetch times out, for ever.
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
  const emit = socket.emit.bind(socket) as (event: string | symbol, ...args: unknown[]) => boolean
  socket.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event !== 'data') return emit(event, ...args)
    const whole = messages.add(args[0] as Buffer)
    return whole === undefined || emit(event, whole)
  }
  return socket
}
