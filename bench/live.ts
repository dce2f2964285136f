import { type Kafka, Partitioners } from 'kafkajs'
import { enrolment } from '../rig/load/enrolments.ts'
import { seeded } from '../rig/load/random.ts'
import { type RowKey } from './topic.ts'

const tickMs = 5
/** A limit for the events after a pause of this machine, because brokers refuse too large a request. */
const atOnce = 200

/** An event just before it is sent. */
export interface Sent {
  readonly row: RowKey
  /** `performance.now()` */
  readonly at: number
}

/** Publishes new enrolments to a topic at a steady rate. */
export interface LiveProducer {
  /** Publishes one. */
  one(): Promise<Sent>
  /** Publishes for a while and reports each event; resolves when the brokers have all of them. */
  steadily(perSecond: number, seconds: number, sent: (event: Sent) => void): Promise<void>
  close(): Promise<void>
}

export const openLiveProducer = async (
  kafka: Kafka,
  topic: string,
  { programmes, bytes }: { readonly programmes: number; readonly bytes: number },
): Promise<LiveProducer> => {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  const random = seeded(11)
  let count = 0

  const make = (): { value: string; row: RowKey } => {
    const userId = `live-${count++}`
    const event = enrolment(random, random.below(programmes), userId, 1, bytes) as RowKey
    return { value: JSON.stringify(event), row: { programId: event.programId, userId } }
  }

  const send = async (events: number, sent: (event: Sent) => void): Promise<void> => {
    const made = Array.from({ length: events }, make)
    const at = performance.now()
    const acknowledged = producer.send({ topic, messages: made })
    for (const { row } of made) sent({ row, at })
    await acknowledged
  }

  return {
    one: async () => {
      let event: Sent | undefined
      await send(1, sent => (event = sent))
      if (event === undefined) throw new Error('nothing was sent')
      return event
    },
    steadily: (perSecond, seconds, sent) =>
      new Promise((resolve, reject) => {
        const startedAt = performance.now()
        const sending: Promise<void>[] = []
        let published = 0
        const timer = setInterval(() => {
          const elapsed = Math.min((performance.now() - startedAt) / 1000, seconds)
          const due = Math.floor(elapsed * perSecond) - published
          const now = Math.min(due, atOnce)
          published += now
          if (now > 0) sending.push(send(now, sent))
          if (elapsed < seconds || now < due) return
          clearInterval(timer)
          Promise.all(sending).then(() => resolve(), reject)
        }, tickMs)
      }),
    close: () => producer.disconnect(),
  }
}
