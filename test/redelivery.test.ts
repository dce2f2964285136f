import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Events } from '../src/observe/events.ts'
import { pipeline, type PipelineSettings } from '../src/pipeline.ts'
import { linesLog } from './clients.ts'
import { type Random, seeded } from './load/random.ts'
import { letters } from './records.ts'
import { Simulation } from './simulation.ts'

const schedules = 400
const crashes = 3

const settingsOf = (random: Random): PipelineSettings => ({
  writeOrder: 'read',
  inFlight: { records: 4 + random.below(40), bytes: 1_000_000 },
  windowMs: 1 + random.below(4),
  batch: { rows: 1 + random.below(5), bytes: 10_000 },
  writeConcurrency: 1 + random.below(4),
  commitIntervalMs: 2 + random.below(15),
  backoff: { firstMs: 2, capMs: 16 },
})

/** Runs one process on the simulated servers; it crashes after `crashMs`, or ends when everything is committed. */
const runProcess = (simulation: Simulation, random: Random, rejoins: number, crashMs: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const { clock } = simulation
    const log = linesLog()
    const surroundings = {
      source: simulation.source(rejoins),
      table: { write: simulation.write.bind(simulation) },
      deadLetters: { publish: simulation.publish.bind(simulation) },
      events: new Events(log, log, clock),
      clock,
      random: random.next,
    }
    const subscription = pipeline(letters, settingsOf(random), surroundings).subscribe({ complete: resolve, error: reject })
    if (crashMs !== Infinity) {
      clock.schedule(() => {
        subscription.unsubscribe()
        resolve()
      }, crashMs)
    }
    clock.flush()
  })

test(`no commit passes a record that is not written, through faults, re-joins and crashes: ${schedules} random schedules`, async () => {
  for (let seed = 1; seed <= schedules; seed += 1) {
    const random = seeded(seed)
    const simulation = new Simulation(random, 30)
    try {
      for (let crash = 0; crash < crashes; crash += 1) {
        await runProcess(simulation, random, 15, 20 + random.below(100))
        simulation.check()
      }
      await runProcess(simulation, random, 5, Infinity)
      simulation.check()
      assert.ok(simulation.isCommitted, `committed ${simulation.committed.join(' and ')} only`)
    } catch (error) {
      throw new Error(`schedule of seed ${seed}`, { cause: error })
    }
  }
})
