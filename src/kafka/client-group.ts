import { createRequire } from 'node:module'
import { type Cluster, type ClusterBroker } from './cluster.ts'

/** The client's group membership (2.2.4, consumer/consumerGroup.js), which its types do not show. */
export interface Group {
  readonly cluster: Cluster
  readonly groupId: string
  readonly offsetManager: { commitOffsets(offsets: object): Promise<void>; getCoordinator(): Promise<ClusterBroker> }
  /** When the last heartbeat was answered; read only to decide whether one is due. */
  lastRequest: number
  isLeader(): boolean
  assigned(): readonly { readonly topic: string; readonly partitions: readonly number[] }[]
  checkForStaleAssignment(): void
  recoverFromFetch(error: unknown): Promise<void>
  fetch(nodeId: string): Promise<[]>
  joinAndSync(): Promise<void>
}

/** The partitions of the topic that this member has. */
export const assignedOf = (group: Group, topic: string): readonly number[] =>
  group.assigned().find(assigned => assigned.topic === topic)?.partitions ?? []

/** Takes the place of what the client does. */
export interface GroupHooks {
  fetch(group: Group, nodeId: number): Promise<void>
  joining(group: Group): void
  /** The request that confirms the membership is about to be sent. */
  syncing(): void
}

const load = createRequire(import.meta.url)
const { prototype } = load('kafkajs/src/consumer/consumerGroup') as {
  prototype: Group & Record<symbol, () => Promise<void>>
}
// eslint-disable-next-line @typescript-eslint/unbound-method -- they are called with the group that they are meant for
const { fetch, joinAndSync } = prototype
const sync = Object.getOwnPropertySymbols(prototype).find(({ description }) => description?.endsWith(':sync') === true)
if (sync === undefined) throw new Error('kafkajs has no ConsumerGroup.sync any more')
const syncGroup = prototype[sync]

const hooked = new WeakMap<Cluster, GroupHooks>()

/** The group of this cluster asks these hooks; every other one goes on as the client has it. */
export const hookGroup = (cluster: Cluster, hooks: GroupHooks): void => void hooked.set(cluster, hooks)

prototype.fetch = async function (this: Group, nodeId) {
  const hooks = hooked.get(this.cluster)
  if (hooks === undefined) return fetch.call(this, nodeId)
  await hooks.fetch(this, Number(nodeId))
  // Nothing for the client to deliver: it sends a heartbeat if one is due, and fetches again.
  return []
}

prototype.joinAndSync = function (this: Group) {
  hooked.get(this.cluster)?.joining(this)
  return joinAndSync.call(this)
}

prototype[sync] = function (this: Group) {
  hooked.get(this.cluster)?.syncing()
  return syncGroup?.call(this) ?? Promise.resolve()
}
