import { setTimeout as pause } from 'node:timers/promises'
import { type Kafka, Partitioners, type Producer } from 'kafkajs'
import { type FaultMessage } from './load.ts'

const chunkMessages = 200
// A chunk of one partition is one record batch, which the topic's limit is for.
const chunkBytes = 1_000_000

/** Publishes messages in order, despite any fault of the brokers. A chunk may then be published twice. */
export class Publisher {
  published = 0
  readonly #kafka: Kafka
  readonly #topic: string
  #producer: Producer
  #stopped = false

  constructor(kafka: Kafka, topic: string) {
    this.#kafka = kafka
    this.#topic = topic
    this.#producer = this.#open()
  }

  /** @param perSecond by default unlimited */
  async publish(messages: Iterable<FaultMessage>, perSecond = Infinity): Promise<void> {
    const startedAt = Date.now()
    let sent = 0
    let chunk: FaultMessage[] = []
    let bytes = 0
    const atOnce = Math.min(chunkMessages, Math.max(1, perSecond / 10))
    const flush = async (): Promise<void> => {
      await this.#persistently(chunk)
      sent += chunk.length
      chunk = []
      bytes = 0
      const aheadMs = startedAt + (sent / perSecond) * 1000 - Date.now()
      if (aheadMs > 0 && !this.#stopped) await pause(aheadMs)
    }
    for (const message of messages) {
      const size = message.value?.length ?? 0
      if (chunk.length >= atOnce || (chunk.length > 0 && bytes + size > chunkBytes)) await flush()
      chunk.push(message)
      bytes += size
      if (this.#stopped) return
    }
    if (chunk.length > 0) await flush()
  }

  async close(): Promise<void> {
    this.#stopped = true
    await this.#producer.disconnect()
  }

  #open(): Producer {
    return this.#kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  }

  async #persistently(chunk: readonly FaultMessage[]): Promise<void> {
    let left = chunk
    while (!this.#stopped && left.length > 0) {
      try {
        left = await this.#send(left)
      } catch {
        await pause(200)
      }
    }
  }

  /** Returns the messages for partitions that the client does not know yet: it drops them silently. */
  async #send(chunk: readonly FaultMessage[]): Promise<FaultMessage[]> {
    await this.#producer.connect()
    const messages = chunk.map(({ partition, key, value, headers }) => ({ partition, key, value, headers }))
    const answers = await this.#producer.send({ topic: this.#topic, acks: -1, messages })
    const taken = new Set(answers.map(({ partition }) => partition))
    const left = chunk.filter(({ partition }) => !taken.has(partition))
    this.published += chunk.length - left.length
    if (left.length > 0) {
      await this.#producer.disconnect()
      this.#producer = this.#open()
      await pause(200)
    }
    return left
  }
}
