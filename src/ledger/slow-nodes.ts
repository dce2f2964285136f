/** Told when a node is left alone because it is slow, and when that ends. */
export interface SlowNodesWatch {
  slow(address: string): void
  /** It answers in time again. */
  recovered(address: string): void
  /** It is down, or no longer in the cluster. */
  gone(address: string): void
}

/** How long a slow node is left alone before one request tries it again, in milliseconds. */
export const avoidMs = 5_000

type Phase = 'avoided' | 'on-trial'

interface SlowNode {
  readonly phase: Phase
  /** When this phase ends, in the milliseconds of `now`. */
  readonly until: number
}

/**
 * Which nodes do not answer in time. A node that let one request wait for too long is avoided for a while. Then a single
 * request tries it: if that is not too slow either, the node is used again. So a node that hangs costs one slow request
 * each `avoidMs`, however many are sent.
 */
export class SlowNodes {
  /** How long a request waits for a node before it counts as slow, in milliseconds. */
  readonly patienceMs: number
  readonly #nodes = new Map<string, SlowNode>()
  readonly #watch: SlowNodesWatch

  constructor(patienceMs: number, watch: SlowNodesWatch) {
    this.patienceMs = patienceMs
    this.#watch = watch
  }

  /** A request has waited for this node for longer than `patienceMs`. */
  suspect(address: string, now: number): void {
    const known = this.#nodes.has(address)
    this.#nodes.set(address, { phase: 'avoided', until: now + avoidMs })
    if (!known) this.#watch.slow(address)
  }

  /** Whether a request sent now should go to other nodes first. Asking may make this request the trial. */
  isAvoided(address: string, now: number): boolean {
    const node = this.#nodes.get(address)
    if (node === undefined) return false
    if (now < node.until) return true
    if (node.phase === 'avoided') {
      this.#nodes.set(address, { phase: 'on-trial', until: now + 2 * this.patienceMs })
      return false
    }
    this.#nodes.delete(address)
    this.#watch.recovered(address)
    return false
  }

  /**
   * How long a request sent now waits for this node before it is sent to a second one as well, in milliseconds. Where most
   * of the others are slow the cluster is busy, and a second request would make it worse. But this node may hang, so the
   * request waits only until one of them may be tried again.
   *
   * @param othersOf the other nodes that could take the request; asked for only while a node is slow
   */
  patienceBeside(othersOf: () => readonly string[], now: number): number {
    if (this.#nodes.size === 0) return this.patienceMs
    const others = othersOf()
    const slow = others.flatMap(address => this.#nodes.get(address) ?? [])
    if (2 * slow.length <= others.length) return this.patienceMs
    return Math.max(this.patienceMs, Math.min(...slow.map(({ until }) => until)) - now)
  }

  /** This node is down, or no longer in the cluster: no request asks for it, so none would find that it has recovered. */
  forget(address: string): void {
    if (this.#nodes.delete(address)) this.#watch.gone(address)
  }
}
