import { type Admin } from 'kafkajs'
import { type FaultCase } from './fault.ts'
import { partitionOffsets, lagOf, rigClient } from './offsets.ts'
import { type Scene } from './scene.ts'
import { type WorkerProcess } from './worker-process.ts'

const perSecond = 300
const everySeconds = 1
const calmSeconds = 15
const outageSeconds = 10
/** One commit interval, and as much for the time between the two views and for the commit itself. */
const toleratedSeconds = 2
/** While reading is paused, the worker looks up the ends of the partitions only so often (PROBE_INTERVAL_MS). */
const probeSeconds = 5

interface State {
  readonly totals: { readonly commits: number; readonly rebalances: number }
  readonly lag: number
  readonly inFlight: { readonly records: number }
}

/** What both see at the same time. The exporter counts everything that is not committed, the worker what it has not read. */
interface View {
  readonly exported: number
  readonly own: number
}

/** Asks what exporters of lag ask: for all groups, the group's members, its offsets, and the ends of the partitions. */
const scrape = async (admin: Admin, { group, topic }: Scene): Promise<{ lag: number; members: string }> => {
  const { groups: listed } = await admin.listGroups()
  const { groups } = await admin.describeGroups(listed.map(({ groupId }) => groupId))
  const members = groups
    .filter(({ groupId }) => groupId === group)
    .flatMap(described => described.members.map(({ memberId }) => `${described.state} ${memberId}`))
  return { lag: lagOf(await partitionOffsets(admin, group, topic)), members: members.join() }
}

const largest = (views: readonly View[]): number =>
  Math.max(...views.map(({ exported, own }) => Math.abs(exported - own)))

/** Scrapes every second, while the worker's state is read at the same time. */
const watchBoth = async (scene: Scene, admin: Admin, worker: WorkerProcess, seconds: number): Promise<View[]> => {
  const views: View[] = []
  const members = new Set<string>()
  const end = Date.now() + seconds * 1000
  while (Date.now() < end) {
    const [{ lag, members: now }, state] = await Promise.all([scrape(admin, scene), worker.state<State>()])
    members.add(now)
    views.push({ exported: lag, own: state.lag + state.inFlight.records })
    await scene.pass(everySeconds)
  }
  scene.expect(members.size === 1, `the group's members change: ${[...members].join('; ')}`)
  return views
}

export const lagExporter: FaultCase = {
  name: 'F44-lag-exporter',
  title:
    'An exporter asks for the lag of the group every second, also while Cassandra is down: the worker is not disturbed, and both see the same lag',
  figures: {
    lagMax: 'largest lag',
    apart: 'the two lags differ by at most',
    apartInOutage: 'in the outage by',
  },
  events: perSecond * (calmSeconds + outageSeconds + 15),
  // Dead letters that are published during the outage are neither in flight nor committed.
  eachBad: 0,
  quiet: true,
  run: async scene => {
    scene.startPublishing(perSecond)
    const worker = await scene.startWorker()
    await scene.untilCommitted(perSecond)
    const before = (await worker.state<State>()).totals
    const admin = rigClient(scene.environment.bootstrap).admin()
    await admin.connect()
    const calmViews = await watchBoth(scene, admin, worker, calmSeconds)
    const calm = (await worker.state<State>()).totals
    scene.environment.cassandraLink.refuse()
    const outageViews = await watchBoth(scene, admin, worker, outageSeconds)
    scene.environment.cassandraLink.mend()
    scene.healed()
    await scene.caughtUp()
    await admin.disconnect()
    const [apart, apartInOutage] = [largest(calmViews), largest(outageViews)]
    Object.assign(scene.seen, {
      commitsPerSecond: Math.round((10 * (calm.commits - before.commits)) / calmSeconds) / 10,
      lagMax: Math.max(...outageViews.map(({ exported }) => exported)),
      ...{ apart, apartInOutage },
    })
    scene.expect(calm.commits - before.commits >= calmSeconds * 0.7, 'it commits every second')
    scene.expect((await worker.state<State>()).totals.rebalances === 1, 'there is no rebalance')
    scene.expect(apart <= perSecond * toleratedSeconds, `the two lags are ${apart} messages apart`)
    scene.expect(
      apartInOutage <= perSecond * (toleratedSeconds + probeSeconds),
      `in the outage, the two lags are ${apartInOutage} messages apart`,
    )
  },
}
