import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** The properties of a link; by default it is good. */
export interface Weather {
  /** Added latency in each direction. */
  readonly latencyMs?: number
  /** The bandwidth in each direction of each connection. */
  readonly bytesPerSecond?: number
}

/** Changes the bytes of a connection, for faults within the protocol. */
export interface Tap {
  toServer(chunk: Buffer): Buffer
  toClient(chunk: Buffer): Buffer
}

/** Where a link leads. */
export interface Target {
  /** By default 127.0.0.1. */
  readonly address?: string
  readonly port: number
}

const queueBytes = 262_144

/**
 * A TCP link on loopback between the worker and one server. It can be slow, narrow, cut, silent (connected, but without
 * traffic) or refusing.
 */
export class Proxy {
  readonly address: string
  readonly port: number
  readonly #target: Target
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #stalled = new Set<() => void>()
  /** Chunks that wait for their time of arrival. */
  readonly #underWay = new Set<() => void>()
  #weather: Weather = {}
  #changes = 0
  #silent = false
  #refusing = false
  /** Called for each new connection. */
  tap: (() => Tap) | undefined
  /** The number of connections since it was opened. */
  connections = 0

  constructor(server: Server, target: Target) {
    this.#server = server
    this.#target = target
    const { address, port } = server.address() as AddressInfo
    this.address = address
    this.port = port
    server.on('connection', socket => this.#serve(socket))
  }

  /** Changes the conditions from now on. Data under way arrives as early as it would under the new conditions. */
  set weather(weather: Weather) {
    this.#weather = weather
    this.#changes += 1
    for (const arrive of this.#underWay) arrive()
    this.#underWay.clear()
  }

  /** Resets all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  /** Closes all connections and refuses new ones. */
  refuse(): void {
    this.#refusing = true
    this.cut()
  }

  /** Silent: connections stay, and new ones are accepted, but there is no traffic in either direction. */
  silence(): void {
    this.#silent = true
  }

  /** Current connections stay silent for good; new ones work. */
  forget(): void {
    for (const socket of this.#sockets) socket.pause().removeAllListeners('data')
  }

  /** A good link again, which also delivers held data. */
  mend(): void {
    this.weather = {}
    this.#silent = false
    this.#refusing = false
    if (this.tap !== undefined) this.cut()
    this.tap = undefined
    for (const goOn of this.#stalled) goOn()
    this.#stalled.clear()
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.cut()
    await closed
  }

  #serve(client: Socket): void {
    this.connections += 1
    if (this.#refusing) {
      client.resetAndDestroy()
      return
    }
    const target = connect(this.#target.port, this.#target.address ?? '127.0.0.1')
    const tap = this.tap?.()
    this.#pass(client, target, chunk => tap?.toServer(chunk) ?? chunk)
    this.#pass(target, client, chunk => tap?.toClient(chunk) ?? chunk)
  }

  #pass(from: Socket, to: Socket, change: (chunk: Buffer) => Buffer): void {
    let queued = 0
    let last = Promise.resolve()
    let freeAt = 0
    let changes = this.#changes
    this.#sockets.add(from)
    from.setNoDelay(true)
    from.on('error', () => undefined)
    from.on('close', () => {
      this.#sockets.delete(from)
      to.destroy()
    })
    from.on('data', (arrived: Buffer) => {
      const chunk = change(arrived)
      queued += chunk.length
      if (queued > queueBytes) from.pause()
      const sentIn = this.#changes
      if (changes !== sentIn) freeAt = 0
      changes = sentIn
      const { latencyMs = 0, bytesPerSecond = Infinity } = this.#weather
      freeAt = Math.max(freeAt, Date.now()) + (chunk.length * 1000) / bytesPerSecond
      const dueAt = freeAt + latencyMs
      last = last.then(async () => {
        // If the conditions have changed since it was sent, it does not wait for its time.
        await this.#until(sentIn === this.#changes ? dueAt : 0)
        queued -= chunk.length
        if (!to.destroyed) to.write(chunk)
        if (queued <= queueBytes) from.resume()
      })
    })
  }

  async #arrival(waitMs: number): Promise<void> {
    await new Promise<void>(resolve => {
      const timer = setTimeout(() => {
        this.#underWay.delete(arrive)
        resolve()
      }, waitMs)
      const arrive = (): void => {
        clearTimeout(timer)
        resolve()
      }
      this.#underWay.add(arrive)
    })
  }

  async #until(dueAt: number): Promise<void> {
    const waitMs = dueAt - Date.now()
    if (waitMs > 0) await this.#arrival(waitMs)
    if (this.#silent) await new Promise<void>(resolve => this.#stalled.add(resolve))
  }
}

/** Opens a good link to a server, which listens on this port of the loopback address `address`. */
export const openProxy = async (target: Target, listenPort: number, address = '127.0.0.1'): Promise<Proxy> => {
  const server = createServer().listen(listenPort, address)
  await once(server, 'listening')
  return new Proxy(server, target)
}
