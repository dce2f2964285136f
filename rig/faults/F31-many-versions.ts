import { type FaultCase } from './fault.ts'
import { fateHeader, type FaultMessage } from './load.ts'
import { type Scene } from './scene.ts'

const keys = 10

/** Ten enrolments repeatedly. The event times run backwards, and every twentieth event occurs twice. */
function* versions(scene: Scene): Generator<FaultMessage> {
  const start = Date.UTC(2026, 0, 1)
  for (let version = scene.events; version > 0; version -= 1) {
    const user = scene.random.below(keys)
    const text = JSON.stringify({
      programId: 'one programme',
      userId: `user ${user}`,
      programName: `version ${scene.events - version}`,
      requestForPIIConsent: version % 2 === 0,
      createdAt: new Date(start).toISOString(),
      updatedAt: new Date(start + version * 86_400_000 * 0.3).toISOString(),
      ...(version % 7 === 0 ? { userProfile: { rootOrg: { id: `o${version}`, orgName: `org ${version}` } } } : {}),
    })
    const headers = { [fateHeader]: 'row' }
    const message = { partition: user % 2, key: null, value: Buffer.from(text), headers }
    yield message
    if (version % 20 === 0) yield message
  }
}

export const manyVersions: FaultCase = {
  name: 'F31-many-versions',
  title:
    '10,000 versions of 10 enrolments, with duplicates, not in the order of their dates: the version read last wins',
  events: 10_000,
  run: async scene => {
    const worker = await scene.startWorker({ BATCH_WINDOW_MS: '1', WRITE_CONCURRENCY: '32' })
    await scene.untilAssigned(worker)
    await scene.publishThese(versions(scene))
    scene.healed()
    await scene.caughtUp()
  },
}
