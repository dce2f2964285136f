import { type Kafka } from 'kafkajs'
import { Fault } from '../faults.ts'
import { withAdmin } from './admin.ts'
import { faultOf } from './faults.ts'

const create = (topic: string, brokers: readonly string[]): string =>
  `kafka-topics.sh --bootstrap-server ${brokers.join(',')} --create --topic ${topic}`

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
  let known: readonly string[]
  try {
    known = await withAdmin(kafka, admin => admin.listTopics())
  } catch (error) {
    throw faultOf(error)
  }
  const missing = topics.filter(topic => !known.includes(topic))
  if (missing.length === 0) return
  const commands = missing.map(topic => create(topic, brokers)).join(' && ')
  throw new Fault('misconfigured', `there is no topic ${missing.join(' and no topic ')}; make it: ${commands}`)
}
