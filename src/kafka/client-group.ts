import internal from 'kafkajs/src/consumer/consumerGroup.js'
import { type Cluster, type ClusterBroker } from './cluster.ts'

/** The client's group membership (2.2.4, consumer/consumerGroup.js), which its types do not expose. */
export interface Group {
  readonly cluster: Cluster
  readonly groupId: string
  readonly offsetManager: { commitOffsets(offsets: object): Promise<void>; getCoordinator(): Promise<ClusterBroker> }
  /** When the last heartbeat was answered. The client reads it only to decide whether one is due. */
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

/** Replaces or observes parts of the client's group. */
export interface GroupHooks {
  fetch(group: Group, nodeId: number): Promise<void>
  joining(group: Group): void
  /** The request that confirms the membership is about to be sent. */
  syncing(): void
}

const { prototype } = internal as {
  prototype: Group & Record<symbol, () => Promise<void>>
}
// oxlint-disable-next-line typescript/unbound-method -- called with their group below
const { fetch, joinAndSync } = prototype
const sync = Object.getOwnPropertySymbols(prototype).find(({ description }) => description?.endsWith(':sync') === true)
if (sync === undefined) throw new Error('this version of kafkajs has no ConsumerGroup.sync')
const syncGroup = prototype[sync]

const hooked = new WeakMap<Cluster, GroupHooks>()

/** Sets the hooks of the group on this cluster. Other groups are not changed. */
export const hookGroup = (cluster: Cluster, hooks: GroupHooks): void => void hooked.set(cluster, hooks)

prototype.fetch = async function (this: Group, nodeId) {
  const hooks = hooked.get(this.cluster)
  if (hooks === undefined) return fetch.call(this, nodeId)
  await hooks.fetch(this, Number(nodeId))
  // The client has nothing to deliver. It sends a heartbeat if one is due, and fetches again.
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
