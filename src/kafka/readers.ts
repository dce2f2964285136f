import { type Admin, type GroupDescription, type Kafka } from 'kafkajs'
import { firstValueFrom, type SchedulerLike, timer } from 'rxjs'
import { withAdmin } from './admin.ts'
import { subscribesTo } from './subscription.ts'

const deadlineMs = 5000
const mostGroups = 500
const atOnce = 20

const subscribes = ({ members }: GroupDescription, topic: string): boolean =>
  members.some(({ memberMetadata }) => subscribesTo(memberMetadata, topic))

const running = async (admin: Admin, topic: string): Promise<string[]> => {
  // First, so that the client requests the metadata of this topic only: see withAdmin.
  await admin.fetchTopicOffsets(topic)
  const { groups } = await admin.listGroups()
  const ids = groups.filter(({ protocolType }) => protocolType === 'consumer').map(({ groupId }) => groupId)
  const found: string[] = []
  for (let from = 0; from < Math.min(ids.length, mostGroups); from += atOnce) {
    const described = await admin.describeGroups(ids.slice(from, from + atOnce))
    found.push(...described.groups.filter(group => subscribes(group, topic)).map(({ groupId }) => groupId))
  }
  return found.sort()
}

/**
 * The consumer groups with a running member that reads the topic. It finds only groups that this client may describe, and
 * looks at no more than 500. Undefined if the brokers do not answer within 5 s.
 */
export const readersOf = async (kafka: Kafka, topic: string, clock: SchedulerLike): Promise<string[] | undefined> => {
  const late = firstValueFrom(timer(deadlineMs, clock)).then(() => undefined)
  return Promise.race([withAdmin(kafka, admin => running(admin, topic)).catch(() => undefined), late])
}
