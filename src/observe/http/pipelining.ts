import { type ServerResponse } from 'node:http'
import { type Socket } from 'node:net'

/** How many requests of one connection may be without a complete answer. */
export const mostUnanswered = 2

/**
 * Cuts off clients that send requests without waiting for the answers. Node parses all requests in a chunk of 64 kB before it
 * looks at its output: 1,600 answers that wait in memory if the client does not read. Probes, Prometheus and browsers send one
 * request at a time, so the connection is closed instead. The number of requests one after the other is not limited.
 */
export class Pipelining {
  readonly #unanswered = new WeakMap<Socket, number>()

  /** Counts the request of this response. Returns false, and closes the connection, if too many are without an answer. */
  admits(response: ServerResponse): boolean {
    const { socket } = response.req
    // The rest of the chunk is parsed although the connection is closed.
    if (socket.destroyed) return false
    const unanswered = this.#of(socket)
    if (unanswered === mostUnanswered) {
      socket.destroy()
      return false
    }
    this.#unanswered.set(socket, unanswered + 1)
    // The system has taken the whole answer, so the next request cannot arrive before this.
    response.once('finish', () => this.#unanswered.set(socket, this.#of(socket) - 1))
    return true
  }

  #of(socket: Socket): number {
    return this.#unanswered.get(socket) ?? 0
  }
}
