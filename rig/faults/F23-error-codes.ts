import { freePort } from '../servers/ports.ts'
import { openErringLink, writeErrors } from './cql-errors.ts'
import { type FaultCase } from './fault.ts'

export const errorCodes: FaultCase = {
  name: 'F23-error-codes',
  title:
    'Half of all writes fail with an error code, one kind after the other: all are retried, none counts as written',
  events: 6_000,
  run: async scene => {
    const errors = Object.values(writeErrors)
    let requests = 0
    const link = await openErringLink(scene.environment.cassandra.port, await freePort(), () => {
      // Only the order is seeded, because the first request is not predictable.
      requests += 1
      return scene.random.next() < 0.5 ? errors[Math.floor(requests / 8) % errors.length] : undefined
    })
    try {
      const worker = await scene.startWorker({
        ML_CASSANDRA_PORT: String(link.port),
        RETRY_MAX_DELAY_MS: '200',
        BATCH_MAX_ROWS: '10',
        WRITE_CONCURRENCY: '4',
      })
      scene.startPublishing(200)
      scene.healed()
      await scene.caughtUp(120)
      scene.seen['errors'] = link.erred
      scene.expect(link.erred > errors.length * 8, `each error code was used (${link.erred} in all)`)
      await worker.signal('SIGTERM')
      scene.expect(worker.end === 0, `it ended with ${worker.end ?? '?'} on SIGTERM`)
    } finally {
      await link.close()
    }
  },
}
