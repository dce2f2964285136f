import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { stopCoverage } from 'node:v8'
import { fastOnThreeNodes } from '../../rig/faults/cases.ts'
import { type Environment, openEnvironment } from '../../rig/faults/environment.ts'
import { runFault } from '../../rig/faults/run-fault.ts'
import { installedCassandra, neverRestarted } from '../../rig/servers/cassandra.ts'
import { inThisProcess } from './in-this-process.ts'

// It would take a fifth of the CPU time, and other tests run the same lines of the product.
stopCoverage()

const { fault, events } = fastOnThreeNodes
const seed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000)

let environment: Environment
before(async () => {
  const node = { cassandra: installedCassandra, javaOptions: neverRestarted }
  environment = await openEnvironment({ brokers: 1, nodes: 3, ...node })
})
after(() => environment.close())

test(`${fault.name}: ${fault.title}`, async () => {
  const result = await runFault(fault, { environment, seed, events, command: inThisProcess, progress: () => undefined })
  const again = `npm run faults -- --fault ${fault.name} --seed ${seed} --events ${events}`
  assert.ok(result.passed, `${JSON.stringify(result, null, 1)}\nagain: ${again}`)
})
