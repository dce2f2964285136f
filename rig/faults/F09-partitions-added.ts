import { type FaultCase } from './fault.ts'
import { type FaultMessage } from './load.ts'

/** The same messages, in the new partitions. */
function* shifted(messages: Iterable<FaultMessage>): Generator<FaultMessage> {
  let count = 0
  for (const message of messages) {
    count += 1
    // A new enrolment for each message, because versions in two partitions have no order.
    const text = message.value?.toString().replace('-mrkr', `-n${count}-mrkr`)
    yield { ...message, partition: 2 + message.partition, value: text === undefined ? null : Buffer.from(text) }
  }
}

export const partitionsAdded: FaultCase = {
  name: 'F09-partitions-added',
  title: 'Two partitions are added to the topic under load: they are read from their first message',
  events: 10_000,
  eachBad: 0,
  run: async scene => {
    const half = scene.events / 2
    await scene.publish(half / 2)
    await scene.startWorker()
    await scene.startWorker()
    await scene.untilCommitted(half / 2)
    const rest = [...scene.take(half)]
    await scene.addPartitions(4)
    await scene.publishThese(shifted(rest))
    await scene.publish()
    scene.healed()
    // Clients see new partitions when they refresh the metadata, after a minute.
    await scene.caughtUp(150)
  },
}
