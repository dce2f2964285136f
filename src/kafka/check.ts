import { type Admin, type Kafka } from 'kafkajs'
import { Fault } from '../model/faults.ts'
import { withAdmin } from './admin.ts'
import { faultOf, isOfTopic, isUnknownTopic } from './faults.ts'

const create = (topic: string, brokers: readonly string[]): string =>
  `kafka-topics.sh --bootstrap-server ${brokers.join(',')} --create --topic ${topic}`

/** Whether the topic exists. Not by the list of all topics: see withAdmin. */
const exists = async (admin: Admin, topic: string): Promise<boolean> => {
  try {
    await admin.fetchTopicOffsets(topic)
    return true
  } catch (error) {
    if (isUnknownTopic(error)) return false
    throw error
  }
}

const missingOf = async (admin: Admin, topics: readonly string[]): Promise<string[]> => {
  const missing: string[] = []
  for (const topic of topics) if (!(await exists(admin, topic))) missing.push(topic)
  return missing
}

/**
 * Completes when the brokers answer, whatever they say of this topic.
 *
 * @throws Fault
 */
export const checkBrokers = async (kafka: Kafka, topic: string): Promise<void> => {
  try {
    await withAdmin(kafka, admin => admin.fetchTopicOffsets(topic))
  } catch (error) {
    if (!isOfTopic(error)) throw faultOf(error)
  }
}

/**
 * Completes when the brokers answer and all topics exist.
 *
 * @throws Fault that names every missing topic with the command that makes it.
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
    throw faultOf(error)
  }
  if (missing.length === 0) return
  const commands = missing.map(topic => create(topic, brokers)).join(' && ')
  throw new Fault('misconfigured', `there is no topic ${missing.join(' and no topic ')}; make it: ${commands}`)
}
