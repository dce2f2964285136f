import { freePort } from '../servers/ports.ts'
import { type CqlError, openErringLink } from './cql-errors.ts'
import { type FaultCase } from './fault.ts'

const seconds = 6

/** The message of a server that refuses every write, and a part of the worker's report. */
const refusals: readonly (readonly [text: string, says: string])[] = [
  [
    'Guardrail replica_disk_usage violated: Write request failed because disk usage exceeds failure threshold',
    'replica_disk_usage',
  ],
  ['some reason that no client has heard of', 'has not accepted any other since'],
]

const invalid = (message: string): CqlError => ({ code: 0x2200, message, rest: Buffer.alloc(0), done: false })

export const refusesEveryWrite: FaultCase = {
  name: 'F23-refuses-every-write',
  title:
    'Every write is refused as invalid for a while, by a guardrail and for an unknown reason: it is reported, and no dead letter is published',
  events: 600,
  eachBad: 0,
  run: async scene => {
    let refusal: CqlError | undefined
    const link = await openErringLink(scene.environment.cassandra.port, await freePort(), () => refusal)
    try {
      const worker = await scene.startWorker({ ML_CASSANDRA_PORT: String(link.port), RETRY_MAX_DELAY_MS: '1000' })
      await scene.untilAssigned(worker)
      for (const [text, says] of refusals) {
        refusal = invalid(text)
        await scene.publish(scene.events / refusals.length)
        await scene.mustSoon(`it reports "${says}"`, () =>
          worker.lines.some(({ message, why }) => message.includes('needs attention') && String(why).includes(says)),
        )
        await scene.pass(seconds)
        const letters = await scene.readTopic(scene.deadLetterTopic)
        scene.expect(letters.length === 0, `${letters.length} good events became dead letters`)
        refusal = undefined
        scene.healed()
        await scene.caughtUp()
      }
      scene.seen['errors'] = link.erred
    } finally {
      await link.close()
    }
  },
}
