import { type FaultCase } from './fault.ts'

export const transactions: FaultCase = {
  name: 'F32-transactions',
  title:
    'A transactional producer: aborted records are never written, open ones are waited for, control records block nothing',
  events: 6_000,
  run: async scene => {
    const producer = scene.kafka.producer({ transactionalId: scene.topic, maxInFlightRequests: 1, idempotent: true })
    const worker = await scene.startWorker()
    await producer.connect()
    const part = scene.events / 30
    for (let round = 0; round < 30; round += 1) {
      if (round === 10) await scene.pass(4)
      const before = await scene.committed()
      const transaction = await producer.transaction()
      const messages = [...scene.take(part)]
      if (messages.length > 0) await transaction.send({ topic: scene.topic, messages })
      if (round === 10) {
        await scene.pass(4)
        scene.expect((await scene.committed()) === before, 'nothing of an open transaction is read')
      }
      await (round % 3 === 2 ? transaction.abort() : transaction.commit())
    }
    await producer.disconnect()
    scene.healed()
    // After the last message of each partition there may be aborted records and a control record.
    scene.controlRecords = 2 * (part + 2)
    await scene.caughtUp()
    await scene.untilIdle(worker)
  },
}
