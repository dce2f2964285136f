import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fastOnThreeNodes } from '../../rig/faults/cases.ts'
import { type Environment, openEnvironment } from '../../rig/faults/environment.ts'
import { runFault } from '../../rig/faults/run-fault.ts'
import { installedCassandra } from '../../rig/servers/cassandra.ts'
import { inThisProcess } from './in-this-process.ts'

const { fault, events } = fastOnThreeNodes
const seed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000)

let environment: Environment
before(async () => (environment = await openEnvironment({ brokers: 1, nodes: 3, cassandra: installedCassandra })))
after(() => environment.close())

test(`${fault.name}: ${fault.title}`, async () => {
  const result = await runFault(fault, { environment, seed, events, command: inThisProcess, progress: () => undefined })
  const again = `npm run faults -- --fault ${fault.name} --seed ${seed} --events ${events}`
  assert.ok(result.passed, `${JSON.stringify(result, null, 1)}\nagain: ${again}`)
})
