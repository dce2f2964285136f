import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { stopCoverage } from 'node:v8'
import { type FastCase, fastCases } from '../../rig/faults/cases.ts'
import { type Environment, openEnvironment } from '../../rig/faults/environment.ts'
import { runFault } from '../../rig/faults/run-fault.ts'
import { inThisProcess } from './in-this-process.ts'

// It would take a fifth of the CPU time, and other tests run the same lines of the product.
stopCoverage()

const seed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000)

describe('nothing is lost and nothing is wrong', () => {
  let environment: Environment
  before(async () => (environment = await openEnvironment({ brokers: 1 })))
  after(() => environment.close())

  const define = ({ fault, events }: FastCase): void => {
    test(`${fault.name}: ${fault.title}`, async () => {
      const result = await runFault(fault, {
        environment,
        seed,
        events,
        command: inThisProcess,
        progress: () => undefined,
      })
      const again = `npm run faults -- --fault ${fault.name} --seed ${seed} --events ${events}`
      assert.ok(result.passed, `${JSON.stringify(result, null, 1)}\nagain: ${again}`)
    })
  }

  // Each has its own topics, group and table, and spends most of its time waiting.
  describe('side by side', { concurrency: 2 }, () => fastCases.filter(({ alone }) => alone !== true).forEach(define))
  describe('one after another', () => fastCases.filter(({ alone }) => alone === true).forEach(define))
})
