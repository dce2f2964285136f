// The thread of redelivery.test.ts. The test runner's async hooks, which are not in it, would double the time.
import { stopCoverage } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { tap } from 'rxjs'
import { openConsumer } from '../src/kafka/consumer.ts'
import { type TopicConsumer } from '../src/kafka/topic-consumer.ts'
import { InFlightLedger } from '../src/ledger/in-flight.ts'
import { Events } from '../src/observe/events.ts'
import { pipeline, type PipelineSettings } from '../src/pipeline.ts'
import { type Random, seeded } from '../rig/load/random.ts'
import { linesLog } from './clients.ts'
import { letters } from './records.ts'
import { type Life, sessionTimeoutMs } from './simulated-group.ts'
import { Simulation, troublesOf } from './simulation.ts'

// It would take a third of the CPU time, and other tests run the same lines.
stopCoverage()

const restartMs = 10
const longestMs = 200_000
const moreMs = 200

const settingsOf = (random: Random): PipelineSettings => ({
  writeOrder: 'read',
  // Refused rows must not fill half of it, because then no other row is read as evidence.
  inFlight: { records: 40 + random.below(40), bytes: 1_000_000 },
  windowMs: 1 + random.below(4),
  batch: { rows: 1 + random.below(5), bytes: 10_000 },
  writeConcurrency: 1 + random.below(4),
  commitIntervalMs: 2 + random.below(15),
  backoff: { firstMs: 2, capMs: 16 },
})

interface Process {
  readonly consumer: TopicConsumer
  /** Kills the process at any point. */
  readonly kill: () => void
  /** Whether nothing is in flight. */
  readonly isIdle: () => boolean
  readonly isDone: () => boolean
}

/** A process with the real pipeline and consumer; only the group member is simulated. */
const startProcess = (simulation: Simulation, random: Random, isLast: boolean, others: boolean): Process => {
  const life: Life = { troubles: troublesOf(isLast, others), ended: false }
  const log = linesLog()
  const inFlight = new InFlightLedger()
  const clock = simulation.begin()
  const chance = (): number => random.next()
  const observer = new Events(log, log, clock, inFlight)
  const settings = settingsOf(random)
  const consumer = openConsumer(
    simulation.openMember(life),
    { sessionTimeoutMs, maxRestarts: 5, offsetReset: 'earliest', fetchMaxBytesPerPartition: 1000, ...settings },
    observer,
    clock,
    chance,
    () => simulation.clock.now(),
  )
  const read = new Set<number>()
  let done = false
  // With another worker, clock steps are left out: with clocks that differ, the wrong version may win.
  if (!others) clock.schedule(() => life.ended || simulation.setClock(read), 10 + random.below(100))
  const running = pipeline(letters, settings, {
    source: { ...consumer, records: consumer.records.pipe(tap(({ partition }) => read.add(partition))) },
    table: { write: simulation.write.bind(simulation) },
    deadLetters: { publish: simulation.publish.bind(simulation) },
    ...{ observer, inFlight, clock, random: chance },
  }).subscribe({
    error: (error: unknown) => simulation.fail(error),
    complete: () => (done = true),
  })
  const kill = (): void => {
    life.ended = true
    running.unsubscribe()
  }
  return { consumer, kill, isIdle: () => inFlight.records === 0, isDone: () => done }
}

/** Runs processes one after another, each until its crash, and the last one until everything is committed. */
const runProcesses = async (simulation: Simulation, random: Random, others: boolean): Promise<void> => {
  for (let crashes = 3; crashes > 0; crashes -= 1) {
    const { kill } = startProcess(simulation, random, false, others)
    const end = simulation.clock.now() + 20 + random.below(150)
    await simulation.until(() => simulation.clock.now() >= end, longestMs)
    kill()
    const again = simulation.clock.now() + restartMs
    simulation.clock.schedule(() => undefined, restartMs)
    await simulation.until(() => simulation.clock.now() >= again, longestMs)
  }
  const { consumer, isIdle, isDone } = startProcess(simulation, random, true, others)
  // A refused row of an ended assignment also waits until others are accepted.
  const isSettled = (): boolean => simulation.isCommitted && isIdle()
  const more = (): void => {
    if (isSettled()) return
    simulation.publishMore()
    simulation.clock.schedule(more, moreMs)
  }
  simulation.clock.schedule(more, moreMs)
  await simulation.until(isSettled, longestMs)
  consumer.stop()
  await simulation.until(isDone, longestMs)
  await consumer.close()
}

/** Runs these schedules. Returns how often each trouble happened in all of them. */
const runSchedules = async (schedules: number): Promise<ReadonlyMap<string, number>> => {
  const seen = new Map<string, number>()
  for (let seed = 1; seed <= schedules; seed += 1) {
    const random = seeded(seed)
    const others = seed % 2 === 0
    const simulation = new Simulation(random, 30, others)
    try {
      await runProcesses(simulation, random, others)
      simulation.check()
    } catch (error) {
      throw new Error(`schedule of seed ${seed}: ${String(error)}`, { cause: error })
    }
    for (const [what, times] of simulation.group.seen) seen.set(what, (seen.get(what) ?? 0) + times)
  }
  return seen
}

parentPort?.postMessage(await runSchedules(workerData as number))
