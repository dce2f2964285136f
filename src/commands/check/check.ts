import { firstValueFrom, type SchedulerLike, timer } from 'rxjs'
import { connectCassandra } from '../../cassandra/client.ts'
import { checkTable } from '../../cassandra/check.ts'
import { checkWrite } from '../../cassandra/check-write.ts'
import { type Settings } from '../../config/settings.ts'
import { checkBrokers, checkDeadLetterTopic, checkTopics } from '../../kafka/check.ts'
import { kafkaClient } from '../../kafka/client.ts'
import { type Stream } from '../../stream/definition.ts'

const deadlineMs = 15_000

/**
 * Checks whether a worker could run, and prints a line each for the configuration, Kafka, the topics, Cassandra, the table
 * and writes to it.
 *
 * @returns 0 if all checks pass, otherwise 1
 */
export const check = async (
  stream: Stream,
  { kafka: kafkaSettings, cassandra }: Settings,
  write: (line: string) => void,
  clock: SchedulerLike,
): Promise<0 | 1> => {
  const faults: string[] = []

  const step = async <T>(name: string, attempt: () => Promise<T>): Promise<T | undefined> => {
    const late = firstValueFrom(timer(deadlineMs, clock)).then(() => {
      throw new Error(`no response within ${deadlineMs / 1000} s`)
    })
    try {
      const result = await Promise.race([attempt(), late])
      write(`${name}: ok`)
      return result
    } catch (error) {
      faults.push(name)
      write(`${name}: ${error instanceof Error ? error.message : String(error)}`)
      return undefined
    } finally {
      late.catch(() => undefined)
    }
  }

  write('configuration: ok')
  const { brokers, topic, deadLetterTopic } = kafkaSettings
  const kafka = kafkaClient(kafkaSettings, () => undefined)
  const reached = await step(`kafka ${brokers.join(',')}`, async () => {
    await checkBrokers(kafka, brokers, topic)
    return true
  })
  for (const [name, needed] of [
    ['topic', topic],
    ['dead-letter topic', deadLetterTopic],
  ] as const) {
    if (reached === true) {
      await step(`${name} ${needed}`, async () => {
        await checkTopics(kafka, brokers, [needed])
        if (needed !== deadLetterTopic || (await checkDeadLetterTopic(kafka, brokers, needed))) return
        write(
          `${name} ${needed}: cleanup.policy not checked, because this client may not describe the topic's configuration`,
        )
      })
    } else write(`${name} ${needed}: not checked, because Kafka cannot be used`)
  }

  const { hosts, port, keyspace, table } = cassandra
  const client = await step(`cassandra ${hosts.join(',')}:${port}`, () => connectCassandra(cassandra))
  const writes = `writes to ${keyspace}.${table}`
  if (client === undefined) {
    for (const name of [`table ${keyspace}.${table}`, writes])
      write(`${name}: not checked, because Cassandra cannot be used`)
  } else {
    const fits = await step(`table ${keyspace}.${table}`, async () => {
      await checkTable(client, stream.table, cassandra)
      return true
    })
    if (fits === true) await step(writes, () => checkWrite(client, stream.table, cassandra, clock.now()))
    else write(`${writes}: not checked, because the table does not fit`)
    await client.shutdown()
  }
  return faults.length === 0 ? 0 : 1
}
