import { installedKafka, newestKafka } from '../servers/kafka.ts'
import { runKafkaTool } from '../servers/kafka-tool.ts'
import { latencyOf, sampleCommits } from './commit-latency.ts'
import { type FaultCase } from './fault.ts'
import { untilInSync } from './leaders.ts'
import { type Scene } from './scene.ts'

/** The level of the feature `metadata.version` that comes with the newest version. */
const newestLevel = async (): Promise<string> => {
  const { output } = await runKafkaTool(newestKafka, 'kafka.tools.StorageTool', ['version-mapping'])
  const level = /metadata\.version=(\d+)/.exec(String(output))?.[1]
  if (level === undefined) throw new Error(`no metadata.version in: ${String(output)}`)
  return level
}

/** The last step of an upgrade: the brokers use what only the new version knows. */
const finalize = async (scene: Scene): Promise<void> => {
  const feature = ['--feature', `metadata.version=${await newestLevel()}`]
  const upgrade = ['--bootstrap-server', scene.environment.bootstrap, 'upgrade', ...feature]
  const { code, output } = await runKafkaTool(installedKafka, 'kafka.admin.FeatureCommand', upgrade)
  scene.expect(code === 0, `the metadata version is not upgraded: ${String(output)}`)
}

const continues = async (scene: Scene, when: string): Promise<void> => {
  const before = await scene.committed()
  await scene.mustSoon(`it continues ${when}`, async () => (await scene.committed()) > before + 300, 60)
}

export const rollingUpgrade: FaultCase = {
  name: 'F44-rolling-upgrade',
  title: `Three brokers are upgraded from ${installedKafka} to ${newestKafka} under load, one after the other, then the metadata version: the same worker continues`,
  // The load ends with the upgrade.
  events: 100_000,
  figures: { p50Ms: 'p50 from published to committed, ms', p99Ms: 'p99, ms' },
  brokers: 3,
  quiet: true,
  kafka: installedKafka,
  run: async scene => {
    scene.startPublishing(200)
    const worker = await scene.startWorker()
    await scene.untilCommitted(500)
    const sampling = sampleCommits(scene)
    const beginAt = Date.now()
    for (const [index, broker] of scene.environment.brokers.entries()) {
      await untilInSync(scene, scene.topic, scene.deadLetterTopic, '__consumer_offsets')
      await broker.upgrade(newestKafka)
      await continues(scene, `with broker ${index + 1} on ${newestKafka}`)
    }
    await untilInSync(scene, scene.topic, scene.deadLetterTopic, '__consumer_offsets')
    await finalize(scene)
    await continues(scene, 'with the new metadata version')
    await sampling.stop()
    const { p50, p99 } = latencyOf(sampling.samples, beginAt, Date.now())
    Object.assign(scene.seen, { p50Ms: p50, p99Ms: p99 })
    scene.stopPublishing()
    scene.healed()
    await scene.caughtUp()
    scene.expect(worker.running, 'it is still the same worker')
  },
}
