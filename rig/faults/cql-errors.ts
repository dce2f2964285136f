import { connect, createServer, type Socket } from 'node:net'
import { once } from 'node:events'

/** An error response of a node (native protocol v4, section 9). */
export interface CqlError {
  readonly code: number
  /** By default `injected by the rig`. */
  readonly message?: string
  /** The rest of the body, after code and message. */
  readonly rest: Buffer
  /** Whether the node still executes the request, as after a timeout. */
  readonly done: boolean
}

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}

const int = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

const localQuorum = Buffer.from([0, 6])
const replicas = (...counts: number[]): Buffer => Buffer.concat([localQuorum, ...counts.map(int)])

/** Write errors by name, in the form that a node sends. */
export const writeErrors: Readonly<Record<string, CqlError>> = {
  serverError: { code: 0x0000, rest: Buffer.alloc(0), done: false },
  unavailable: { code: 0x1000, rest: replicas(2, 1), done: false },
  overloaded: { code: 0x1001, rest: Buffer.alloc(0), done: false },
  bootstrapping: { code: 0x1002, rest: Buffer.alloc(0), done: false },
  truncating: { code: 0x1003, rest: Buffer.alloc(0), done: false },
  writeTimeoutWithNone: { code: 0x1100, rest: Buffer.concat([replicas(0, 2), text('UNLOGGED_BATCH')]), done: false },
  writeTimeoutWithOne: { code: 0x1100, rest: Buffer.concat([replicas(1, 2), text('SIMPLE')]), done: true },
  writeFailure: { code: 0x1500, rest: Buffer.concat([replicas(1, 2, 1), text('SIMPLE')]), done: true },
  unauthorised: { code: 0x2100, rest: Buffer.alloc(0), done: false },
  configuration: { code: 0x2300, rest: Buffer.alloc(0), done: false },
}

const headerBytes = 9
const [errorOpcode, executeOpcode, batchOpcode] = [0x00, 0x0a, 0x0d]

const errorFrame = (request: Buffer, { code, message = 'injected by the rig', rest }: CqlError): Buffer => {
  const body = Buffer.concat([int(code), text(message), rest])
  const header = Buffer.from(request.subarray(0, headerBytes))
  header.writeUInt8(header.readUInt8(0) | 0x80, 0)
  header.writeUInt8(0, 1)
  header.writeUInt8(errorOpcode, 4)
  header.writeInt32BE(body.length, 5)
  return Buffer.concat([header, body])
}

const isWrite = (frame: Buffer): boolean => frame[4] === executeOpcode || frame[4] === batchOpcode

/** A link to a node that reads frames (version 4, uncompressed) and can answer writes with errors. */
export interface ErringLink {
  readonly port: number
  /** The number of writes that were answered with an error. */
  readonly erred: number
  close(): Promise<void>
}

/** @param next is called for each write; it returns the error to answer with, or undefined to let it through */
export const openErringLink = async (
  targetPort: number,
  port: number,
  next: () => CqlError | undefined,
): Promise<ErringLink> => {
  let erred = 0
  const sockets = new Set<Socket>()
  const server = createServer(client => {
    const target = connect(targetPort, '127.0.0.1')
    // The stream ids of writes that are still executed. Their real responses are not passed on.
    const answered = new Set<number>()
    for (const socket of [client, target]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
    client.on('close', () => target.destroy())
    target.on('close', () => client.destroy())
    forEachFrame(client, frame => {
      const error = isWrite(frame) ? next() : undefined
      if (error === undefined) return void target.write(frame)
      erred += 1
      if (!error.done) return void client.write(errorFrame(frame, error))
      answered.add(frame.readInt16BE(2))
      held.set(frame.readInt16BE(2), errorFrame(frame, error))
      target.write(frame)
    })
    const held = new Map<number, Buffer>()
    forEachFrame(target, frame => {
      const stream = frame.readInt16BE(2)
      client.write(answered.delete(stream) ? (held.get(stream) ?? frame) : frame)
    })
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port,
    get erred() {
      return erred
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

const forEachFrame = (socket: Socket, take: (frame: Buffer) => void): void => {
  let buffered: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk])
    while (buffered.length >= headerBytes) {
      const length = headerBytes + buffered.readInt32BE(5)
      if (buffered.length < length) return
      take(buffered.subarray(0, length))
      buffered = buffered.subarray(length)
    }
  })
}
