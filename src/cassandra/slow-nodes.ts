import { type Client, type ExecutionOptions, type Host, type HostMap, policies, types } from 'cassandra-driver'
import { type SlowNodes } from '../ledger/slow-nodes.ts'

type GivePlan = (error: Error, plan: Iterator<Host>) => void

/** Nodes that answer in time first, in the order of the driver's own policy. */
class SlowNodesLast extends policies.loadBalancing.DefaultLoadBalancingPolicy {
  readonly #slowNodes: SlowNodes
  readonly #now: () => number
  #hosts: HostMap | undefined

  constructor(slowNodes: SlowNodes, now: () => number) {
    super()
    this.#slowNodes = slowNodes
    this.#now = now
  }

  override init(client: Client, hosts: HostMap, done: (error: Error) => void): void {
    for (const event of ['hostDown', 'hostRemove'] as const) {
      client.on(event, (host: Host) => this.#slowNodes.forget(host.address))
    }
    this.#hosts = hosts
    super.init(client, hosts, done)
  }

  /** The other nodes that could take a request. */
  othersThan(address: string): string[] {
    const hosts = this.#hosts?.values() ?? []
    const isOther = (host: Host): boolean =>
      host.address !== address && host.isUp() && this.getDistance(host) === types.distance.local
    return hosts.filter(isOther).map(host => host.address)
  }

  override newQueryPlan(keyspace: string, options: ExecutionOptions, give: GivePlan): void {
    super.newQueryPlan(keyspace, options, (error, plan) => {
      // Without an error there is a plan; the driver's types know neither null nor that it can be iterated.
      give(error, error instanceof Error ? plan : this.#reordered(plan as unknown as Iterable<Host>))
    })
  }

  *#reordered(plan: Iterable<Host>): Generator<Host> {
    const later: Host[] = []
    for (const host of plan) {
      if (this.#slowNodes.isAvoided(host.address, this.#now())) later.push(host)
      else yield host
    }
    yield* later
  }
}

/**
 * Sends a request to the next node if a node has not answered in time (`SlowNodes.patienceBeside`). It does so once: the
 * writes are idempotent and carry their timestamps, so both may arrive. The driver asks for the next delay when it has sent
 * a request, so the second question says that the first node was too slow (4.10, request-handler.js).
 */
class SpeculateOnce extends policies.speculativeExecution.ConstantSpeculativeExecutionPolicy {
  readonly #slowNodes: SlowNodes
  readonly #nodes: SlowNodesLast
  readonly #now: () => number
  readonly #sentAgain: () => void

  constructor(slowNodes: SlowNodes, nodes: SlowNodesLast, now: () => number, sentAgain: () => void) {
    super(slowNodes.patienceMs, 1)
    this.#slowNodes = slowNodes
    this.#nodes = nodes
    this.#now = now
    this.#sentAgain = sentAgain
  }

  override newPlan(): { nextExecution: (host: Host) => number } {
    let first: string | undefined
    return {
      nextExecution: ({ address }) => {
        if (first === undefined) {
          first = address
          return this.#slowNodes.patienceBeside(() => this.#nodes.othersThan(address), this.#now())
        }
        this.#sentAgain()
        this.#slowNodes.suspect(first, this.#now())
        return -1
      },
    }
  }
}

/** What the driver takes among its `policies`. */
export interface SlowNodePolicies {
  readonly loadBalancing: policies.loadBalancing.LoadBalancingPolicy
  readonly speculativeExecution: policies.speculativeExecution.SpeculativeExecutionPolicy
}

/**
 * The driver's policies that keep one slow or hanging node from holding up all writers.
 *
 * @param sentAgain called for each request that has been sent to a second node
 */
export const slowNodePolicies = (slowNodes: SlowNodes, now: () => number, sentAgain: () => void): SlowNodePolicies => {
  const loadBalancing = new SlowNodesLast(slowNodes, now)
  return { loadBalancing, speculativeExecution: new SpeculateOnce(slowNodes, loadBalancing, now, sentAgain) }
}
