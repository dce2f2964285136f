import kafkajs, { type Admin, type Kafka } from 'kafkajs'
import { Fault } from '../model/faults.ts'
import { withAdmin } from './admin.ts'
import { advertisedHint, faultOf, isForbidden, isOfTopic, isUnknownTopic, isWithoutLeader } from './faults.ts'

const create = (topic: string, brokers: readonly string[]): string =>
  `kafka-topics.sh --bootstrap-server ${brokers.join(',')} --create --topic ${topic}`

/** Whether the topic exists. It does not list all topics: see withAdmin. */
const exists = async (admin: Admin, topic: string): Promise<boolean> => {
  try {
    await admin.fetchTopicOffsets(topic)
    return true
  } catch (error) {
    if (isUnknownTopic(error)) return false
    if (isWithoutLeader(error)) return true
    throw error
  }
}

const missingOf = async (admin: Admin, topics: readonly string[]): Promise<string[]> => {
  const missing: string[] = []
  for (const topic of topics) if (!(await exists(admin, topic))) missing.push(topic)
  return missing
}

/** Like faultOf, with a hint if a broker advertises an address that cannot be reached. */
const fault = (error: unknown, brokers: readonly string[]): unknown => {
  const known = faultOf(error)
  const hint = advertisedHint(error, brokers)
  return known instanceof Fault && hint !== '' ? new Fault(known.kind, `${known.message}${hint}`, error) : known
}

/**
 * Completes if the brokers answer, with or without this topic.
 *
 * @throws Fault
 */
export const checkBrokers = async (kafka: Kafka, brokers: readonly string[], topic: string): Promise<void> => {
  try {
    await withAdmin(kafka, admin => admin.fetchTopicOffsets(topic))
  } catch (error) {
    if (!isOfTopic(error)) throw fault(error, brokers)
  }
}

/**
 * Completes if the brokers answer and all topics exist.
 *
 * @throws Fault with the missing topics and the commands that create them
 */
export const checkTopics = async (
  kafka: Kafka,
  brokers: readonly string[],
  topics: readonly string[],
): Promise<void> => {
  let missing: readonly string[]
  try {
    missing = await withAdmin(kafka, admin => missingOf(admin, topics))
  } catch (error) {
    throw fault(error, brokers)
  }
  if (missing.length === 0) return
  const commands = missing.map(topic => create(topic, brokers)).join(' && ')
  throw new Fault('misconfigured', `there is no topic ${missing.join(' and no topic ')}; create it: ${commands}`)
}

const cleanupPolicy = async (admin: Admin, topic: string): Promise<string | undefined> => {
  // Names the topic first: see withAdmin.
  await admin.fetchTopicOffsets(topic)
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: ['cleanup.policy'] }],
    })
    return resources[0]?.configEntries[0]?.configValue
  } catch (error) {
    if (isForbidden(error)) return undefined
    throw error
  }
}

/**
 * Completes if the dead-letter topic accepts messages without a key. Returns false if this client may not describe its
 * configuration.
 *
 * @throws Fault
 */
export const checkDeadLetterTopic = async (
  kafka: Kafka,
  brokers: readonly string[],
  topic: string,
): Promise<boolean> => {
  let policy: string | undefined
  try {
    policy = await withAdmin(kafka, admin => cleanupPolicy(admin, topic))
  } catch (error) {
    throw fault(error, brokers)
  }
  if (policy?.includes('compact') !== true) return policy !== undefined
  const command = `kafka-configs.sh --bootstrap-server ${brokers.join(',')} --alter --entity-type topics --entity-name ${topic} --add-config cleanup.policy=delete`
  throw new Fault(
    'misconfigured',
    `with cleanup.policy=${policy} the topic refuses dead letters without a key, and discards those that share one; change it: ${command}`,
  )
}
