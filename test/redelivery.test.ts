import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InFlightLedger } from '../src/ledger/in-flight.ts'
import { Events } from '../src/observe/events.ts'
import { pipeline, type PipelineSettings } from '../src/pipeline.ts'
import { linesLog } from './clients.ts'
import { type Random, seeded } from '../rig/load/random.ts'
import { letters } from './records.ts'
import { Simulation } from './simulation.ts'

const schedules = 250
const restartMs = 10

const settingsOf = (random: Random): PipelineSettings => ({
  writeOrder: 'read',
  // Refused rows alone must not fill half of it: then no other is read that could decide.
  inFlight: { records: 40 + random.below(40), bytes: 1_000_000 },
  windowMs: 1 + random.below(4),
  batch: { rows: 1 + random.below(5), bytes: 10_000 },
  writeConcurrency: 1 + random.below(4),
  commitIntervalMs: 2 + random.below(15),
  backoff: { firstMs: 2, capMs: 16 },
})

/** Runs one process after the other, each until its crash, and the last one until everything is committed. */
const runProcesses = (simulation: Simulation, random: Random, crashes: number): void => {
  const { clock } = simulation
  const log = linesLog()
  const inFlight = new InFlightLedger()
  const surroundings = {
    // A re-join in about every seventh millisecond, and few at the end.
    source: simulation.source(crashes > 0 ? 15 : 3),
    table: { write: simulation.write.bind(simulation) },
    deadLetters: { publish: simulation.publish.bind(simulation) },
    observer: new Events(log, log, clock, inFlight),
    inFlight,
    clock,
    random: () => random.next(),
  }
  const running = pipeline(letters, settingsOf(random), surroundings).subscribe({
    error: error => simulation.fail(error),
  })
  if (crashes === 0) return
  clock.schedule(() => running.unsubscribe(), 20 + random.below(100))
  running.add(() => clock.schedule(() => runProcesses(simulation, random, crashes - 1), restartMs))
}

test(`no commit passes a record that is not written, through faults, re-joins and crashes: ${schedules} random schedules`, () => {
  for (let seed = 1; seed <= schedules; seed += 1) {
    const random = seeded(seed)
    const simulation = new Simulation(random, 30)
    try {
      runProcesses(simulation, random, 3)
      simulation.clock.flush()
      simulation.check()
      assert.ok(simulation.isCommitted, `committed ${simulation.committed.join(' and ')} only`)
    } catch (error) {
      throw new Error(`schedule of seed ${seed}`, { cause: error })
    }
  }
})
