import { Cassandra } from '../rig/servers/cassandra.ts'
import { type Servers } from '../rig/servers/start.ts'
import { type Candidate, candidates } from './candidates.ts'
import { drain } from './drain.ts'
import { type Figures, Measurements } from './figures.ts'
import { idle } from './idle.ts'
import { latency } from './latency.ts'
import { drainLoad } from './load.ts'
import { type Options } from './options.ts'
import { outage } from './outage.ts'
import { profile } from './profile.ts'
import { type Case, section } from './report.ts'
import { type Rig } from './rig.ts'
import { type FilledTopic, fillTopic } from './topic.ts'

/** Everything that a plan needs. */
export interface Bench {
  readonly rig: Rig
  readonly servers: Servers
  readonly options: Options
  readonly progress: (line: string) => void
}

interface Sizes {
  readonly events: number
  readonly partitions: number
  readonly programmes: number
}

// CPU time has a resolution of 10 ms. In less time than this, half a percent is noise.
const leastIdleSeconds = 10

let topics = 0

const fill = async ({ rig, options: { bytes }, progress }: Bench, sizes: Sizes): Promise<FilledTopic> => {
  const { events, partitions, programmes } = sizes
  progress(`publishing ${events} events ...`)
  return fillTopic(rig.kafka, `drain_${++topics}`, partitions, drainLoad(events, programmes, bytes))
}

const titleOf = ({ events, partitions, programmes }: Sizes, { bytes }: Options): string =>
  `${events} events of ${bytes} bytes, ${partitions} partition${partitions === 1 ? '' : 's'}, ${programmes} programmes`

const chosen = ({ options: { only, against } }: Bench): readonly Candidate[] =>
  only.map(name => candidates(against)[name])

/** Each round starts with another candidate, so that none always has fresh servers. */
const turned = <T>(items: readonly T[], round: number): T[] => {
  const first = round % Math.max(1, items.length)
  return [...items.slice(first), ...items.slice(0, first)]
}

/** How many times fewer events the smaller of two drains has. */
const smaller = 5

/**
 * Two drains that differ only in the number of events. The cost of a record is the slope between them, which excludes the
 * start; the cost of the start is the rest.
 */
const drainTwice = async (
  rig: Rig,
  candidate: Candidate,
  [small, large]: readonly [FilledTopic, FilledTopic],
  processes: number,
): Promise<Figures> => {
  const less = await drain(rig, candidate, small, processes)
  const { cpuSeconds, ...figures } = await drain(rig, candidate, large, processes)
  const perRecord = (cpuSeconds - less.cpuSeconds) / (large.load.events - small.load.events)
  const startCpuMs = (cpuSeconds - perRecord * large.load.events) * 1000
  return { ...figures, cpuMicrosPerRecord: perRecord * 1e6, startCpuMs }
}

const drains = async (
  bench: Bench,
  sizes: Sizes,
  who: readonly Candidate[],
  measured: Measurements,
  processes = 1,
): Promise<void> => {
  const { rig, options, progress } = bench
  const pair = async (events: number): Promise<readonly [FilledTopic, FilledTopic]> => [
    await fill(bench, { ...sizes, events: Math.ceil(events / smaller) }),
    await fill(bench, { ...sizes, events }),
  ]
  const whole = await pair(sizes.events)
  const share = Math.min(...who.map(candidate => candidate.share))
  const part = share < 1 ? await pair(Math.ceil(sizes.events * share)) : whole
  for (let round = 0; round < options.rounds; round += 1) {
    for (const candidate of turned(who, round)) {
      progress(`round ${round + 1} of ${options.rounds}: ${candidate.name} drains ...`)
      measured.add(candidate.name, await drainTwice(rig, candidate, candidate.share < 1 ? part : whole, processes))
    }
  }
}

const latencies = async (
  { rig, options, progress }: Bench,
  who: readonly Candidate[],
  rates: readonly (200 | 2000)[],
  measured: Measurements,
): Promise<void> => {
  for (let round = 0; round < options.rounds; round += 1) {
    for (const perSecond of rates) {
      for (const candidate of turned(who, round)) {
        progress(`round ${round + 1} of ${options.rounds}: ${candidate.name} at ${perSecond}/s ...`)
        measured.add(candidate.name, await latency(rig, candidate, { ...options, perSecond }))
      }
    }
  }
}

const idles = async ({ rig, options, progress }: Bench, who: readonly Candidate[], measured: Measurements) => {
  for (let round = 0; round < options.rounds; round += 1) {
    progress(`round ${round + 1} of ${options.rounds}: idle ...`)
    for (const [name, figures] of await idle(rig, who, Math.max(leastIdleSeconds, options.seconds)))
      measured.add(name, figures)
  }
}

const wholeWay = (who: readonly Candidate[]): Candidate[] => who.filter(({ seenBy }) => seenBy === 'rows')

const full = async (bench: Bench): Promise<Case[]> => {
  const measured = new Measurements()
  const who = chosen(bench)
  await drains(bench, bench.options, who, measured)
  await latencies(bench, wholeWay(who), [200, 2000], measured)
  await idles(bench, wholeWay(who), measured)
  return [{ title: titleOf(bench.options, bench.options), measured }]
}

const over = async (bench: Bench, sizes: readonly Sizes[]): Promise<Case[]> => {
  const cases: Case[] = []
  for (const one of sizes) {
    const done = { title: titleOf(one, bench.options), measured: new Measurements() }
    bench.progress(done.title)
    await drains(bench, one, chosen(bench), done.measured)
    // At once, because the other sizes take many minutes and may fail.
    bench.progress(`\n${section(done)}\n`)
    cases.push(done)
  }
  return cases
}

const matrix = (bench: Bench): Promise<Case[]> =>
  over(
    bench,
    [1, 8].flatMap(partitions =>
      [1, 200, 20_000].map(programmes => ({ events: bench.options.events, partitions, programmes })),
    ),
  )

const growth = (bench: Bench): Promise<Case[]> =>
  over(
    bench,
    [10_000, 100_000, 1_000_000].map(events => ({ ...bench.options, events })),
  )

const workers = async (bench: Bench): Promise<Case[]> => {
  const sizes = { ...bench.options, partitions: 8 }
  const cases: Case[] = []
  for (const count of [1, 2]) {
    const measured = new Measurements()
    await drains(bench, sizes, chosen(bench), measured, count)
    cases.push({
      title: `${titleOf(sizes, bench.options)}, ${count === 1 ? '1 worker' : `${count} workers`}`,
      measured,
    })
  }
  return cases
}

const withoutAnswer = async (bench: Bench): Promise<Case[]> => {
  const { cassandra } = bench.servers
  if (!(cassandra instanceof Cassandra)) throw new Error('--outage needs Java: a container is not stopped here')
  const measured = new Measurements()
  const topic = await fill(bench, bench.options)
  for (const candidate of chosen(bench)) {
    bench.progress(`${candidate.name} drains, and Cassandra does not answer for ${bench.options.seconds} s ...`)
    measured.add(candidate.name, await outage(bench.rig, cassandra, candidate, topic, bench.options.seconds))
  }
  return [{ title: `${titleOf(bench.options, bench.options)}, Cassandra not answering`, measured }]
}

const quick = (bench: Bench): Promise<Case[]> => over(bench, [bench.options])

/** Microseconds a record by place, for each candidate and number of programmes. */
export const profiles = async (bench: Bench): Promise<Record<string, Map<string, number>>> => {
  const { rig, options, progress } = bench
  const found: Record<string, Map<string, number>> = {}
  for (const programmes of [200, 20_000]) {
    const topic = await fill(bench, { ...options, programmes })
    for (const candidate of chosen(bench)) {
      // The first candidate has fresh servers, so its result is dropped.
      if (Object.keys(found).length === 0) await drain(rig, candidate, topic)
      progress(`${candidate.name} drains under the profiler ...`)
      found[`${candidate.name}, ${programmes} programmes`] = await profile(rig, candidate, topic)
    }
  }
  return found
}

/** The plan of each mode. */
export const plans = { full, matrix, growth, workers, outage: withoutAnswer, quick }
