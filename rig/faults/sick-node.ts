import { type Cassandra } from '../servers/cassandra.ts'
import { latencyOf, sampleCommits } from './commit-latency.ts'
import { metricIn } from './metrics-reader.ts'
import { type Proxy } from './proxy.ts'
import { type Scene } from './scene.ts'
import { type WorkerProcess } from './worker-process.ts'

/** What docs/faults.md shows of a comparison. */
export const comparedFigures = {
  calmP99Ms: 'p99 before, ms',
  sickP99Ms: 'p99 during it, ms',
  sickRate: 'rate during it',
  extraWritesWhileCalm: 'writes sent twice before',
  retriesPerWrite: 'retries for each write',
}

/** Events a second, as in the reports of one sick node; each case publishes until its fault is over. */
export const perSecond = 200

// Until connections, statements and Java's compiled code are there.
const warmSeconds = 8
const calmSeconds = 12
/** While all nodes are well, a write is sent to a second node at most this often. */
const mostSpeculative = 0.02

/** A node of the cluster, counted from 0, with its link. */
export const nodeOf = ({ environment }: Scene, at: number): { readonly node: Cassandra; readonly link: Proxy } => {
  const [node, link] = [environment.cassandraNodes[at], environment.cassandraLinks[at]]
  if (node === undefined || link === undefined) throw new Error(`no node ${at}`)
  return { node, link }
}

/** What the worker has counted so far. */
interface Counted {
  readonly writes: number
  /** Writes that were sent to a second node. */
  readonly speculative: number
  /** Writes that were sent again after an error, by the driver or by the worker. */
  readonly retried: number
}

const countedBy = async (worker: WorkerProcess): Promise<Counted> => {
  const text = await worker.page('metrics')
  return {
    writes: metricIn(text, 'write_duration_seconds_count'),
    speculative: metricIn(text, 'cassandra_speculative_executions_total'),
    retried: metricIn(text, 'cassandra_retries_total') + metricIn(text, 'retries_total', 'step="write"'),
  }
}

/** The limits while a node is sick; those that are undefined are only measured. */
interface Bounds {
  /** From published to committed, in milliseconds. */
  readonly p99Ms?: number
  /** The rate of commits, as a share of the rate without the fault. */
  readonly rateShare: number
  /** Retries for each write. */
  readonly retriesPerWrite?: number
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000

/** Starts a worker under load, and waits until it is at its usual pace. */
export const underLoad = async (scene: Scene): Promise<WorkerProcess> => {
  const worker = await scene.startWorker()
  scene.startPublishing(perSecond)
  await scene.untilCommitted(perSecond * 2)
  await scene.pass(warmSeconds)
  return worker
}

/** No write had to wait for a fault to pass. */
export const expectNoWait = (scene: Scene, worker: WorkerProcess): void => {
  const waited = worker.lines.filter(({ message, step }) => message.includes('waiting for a fault') && step === 'write')
  scene.seen['waits'] = waited.length
  scene.expect(waited.length === 0, `a write waited: ${String(waited[0]?.['why'])}`)
}

/**
 * Measures the same load without a fault and then during `fault`, and checks the limits for the latter. Without a fault,
 * hardly any write may be sent to a second node.
 */
export const compareLatency = async (
  scene: Scene,
  fault: (worker: WorkerProcess) => Promise<void>,
  { p99Ms = Infinity, rateShare, retriesPerWrite = Infinity }: Bounds,
): Promise<WorkerProcess> => {
  const worker = await underLoad(scene)
  const [sampling, atStart] = [sampleCommits(scene), await countedBy(worker)]
  let [beginAt, endAt, atBegin, atEnd] = [0, 0, atStart, atStart]
  try {
    await scene.pass(calmSeconds)
    ;[beginAt, atBegin] = [Date.now(), await countedBy(worker)]
    await fault(worker)
    ;[endAt, atEnd] = [Date.now(), await countedBy(worker)]
    scene.healed()
    await scene.pass(3)
  } finally {
    await sampling.stop()
  }
  scene.stopPublishing()
  const calm = latencyOf(sampling.samples, 0, beginAt)
  const sick = latencyOf(sampling.samples, beginAt, endAt)
  const extra = (atBegin.speculative - atStart.speculative) / (atBegin.writes - atStart.writes)
  const retries = (atEnd.retried - atBegin.retried) / (atEnd.writes - atBegin.writes)
  Object.assign(scene.seen, {
    calmP50Ms: calm.p50,
    calmP99Ms: calm.p99,
    calmWrites: atBegin.writes - atStart.writes,
    sickP50Ms: sick.p50,
    sickP99Ms: sick.p99,
    sickRate: rounded(sick.rate / calm.rate),
    sickSeconds: Math.round((endAt - beginAt) / 1000),
    extraWritesWhileCalm: rounded(extra),
    extraWritesWhileSick: rounded((atEnd.speculative - atBegin.speculative) / (atEnd.writes - atBegin.writes)),
    retriesPerWrite: rounded(retries),
  })
  scene.expect(worker.running, 'the worker survives')
  scene.expect(sick.p99 <= p99Ms, `p99 ${sick.p99} ms from published to committed, at most ${p99Ms}`)
  scene.expect(sick.rate >= rateShare * calm.rate, `rate ${sick.rate}/s, ${calm.rate}/s without the fault`)
  scene.expect(extra < mostSpeculative, `${extra} of the writes were sent twice while all nodes were well`)
  scene.expect(retries <= retriesPerWrite, `${retries} retries for each write, at most ${retriesPerWrite}`)
  await scene.caughtUp()
  return worker
}
