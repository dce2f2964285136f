// npm run faults: fault injection with real servers. Every case prints a line of JSON, and the last line is a summary. The
// exit code is 1 if anything was lost, wrong, repeated beyond the window, or left idle.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { cases, namedCases } from '../rig/faults/cases.ts'
import { type Environment } from '../rig/faults/environment.ts'
import { newestCassandra } from '../rig/servers/cassandra.ts'
import { newestKafka } from '../rig/servers/kafka.ts'
import { type FaultCase, type FaultResult } from '../rig/faults/fault.ts'
import { type Item, inLanes } from '../rig/faults/lanes.ts'
import { runFault } from '../rig/faults/run-fault.ts'
import { projectFolder } from '../rig/servers/folders.ts'
import { saveResult, serverVersions, thisMachine } from '../rig/faults/saved.ts'
import { sumOf } from './fault-table.ts'
import { scriptArguments } from './script-arguments.ts'
import { buildWithout, type CounterMeasure, counterMeasures, withoutFolder } from '../rig/faults/without.ts'

const help = `Usage: npm run faults -- [OPTION]
  --list         list all faults
  --fault NAME   only faults whose name contains NAME, case-insensitive; can be repeated
  --seed N       the seed of load and fault; by default random, and printed
  --events N     the number of events of each fault
  --save         store the results in docs/faults.jsonl; npm run docs then updates the table in docs/faults.md
  --without      remove one counter-measure after another; exit code 1 if a fault then does no harm
  --kafka V, --cassandra V
                 the versions of the servers; by default the newest
  --help         print this help
`

const { values } = scriptArguments(help, {
  list: { type: 'boolean', default: false },
  fault: { type: 'string', multiple: true, default: [] },
  seed: { type: 'string' },
  events: { type: 'string' },
  save: { type: 'boolean', default: false },
  without: { type: 'boolean', default: false },
  kafka: { type: 'string' },
  cassandra: { type: 'string' },
})

const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed)
const events = values.events === undefined ? undefined : Number(values.events)
const wanted = values.fault.map(name => name.toLowerCase())
const isWanted = ({ name }: FaultCase): boolean =>
  wanted.length === 0 || wanted.some(part => name.toLowerCase().includes(part))

const versions = { kafka: values.kafka ?? newestKafka, cassandra: values.cassandra ?? newestCassandra }

const progress = (line: string): void => console.error(line)
const replay = ({ fault, seed }: FaultResult): string =>
  `npm run faults -- --fault ${fault} --seed ${seed}${events === undefined ? '' : ` --events ${events}`}`

const runOne = async (fault: FaultCase, environment: Environment): Promise<FaultResult> => {
  progress(`${fault.name}: ${fault.title} ...`)
  const result = await runFault(fault, { environment, seed, events, progress })
  console.log(JSON.stringify(result))
  const date = new Date().toISOString().slice(0, 10)
  if (values.save)
    saveResult({ ...result, date, machine: thisMachine(), servers: serverVersions(versions.kafka, versions.cassandra) })
  if (!result.passed) console.log(`FAILED ${fault.name}; again: ${replay(result)}`)
  return result
}

const serversOf = ({ brokers = 1, nodes = 1, kafka = versions.kafka }: FaultCase) => ({
  ...{ brokers, nodes, kafka },
  cassandra: versions.cassandra,
})

/** Cases that need the same servers share them, except for a case with its own brokers. */
const itemsOf = <T>(work: readonly T[], faultOf: (item: T) => FaultCase): Item<T>[] =>
  work.map(item => {
    const fault = faultOf(item)
    const servers = serversOf(fault)
    return { item, servers, key: fault.kafka === undefined ? JSON.stringify(servers) : fault.name }
  })

/** Two cases at the same time, because most wait most of the time, and then those that measure times. */
const runCases = async (chosen: readonly FaultCase[]): Promise<FaultResult[]> => {
  const results: FaultResult[] = []
  const run = async (fault: FaultCase, environment: Environment): Promise<void> => {
    results.push(await runOne(fault, environment))
  }
  const items = itemsOf(chosen, fault => fault)
  const isQuiet = ({ item }: Item<FaultCase>): boolean => item.quiet === true || item.nodes === 3
  await inLanes(
    2,
    items.filter(item => !isQuiet(item)),
    run,
    progress,
  )
  await inLanes(1, items.filter(isQuiet), run, progress)
  return results
}

/** The fault that must do harm without this counter-measure. */
const struckBy = ({ fault }: CounterMeasure): FaultCase => {
  const found = cases.find(({ name }) => name === fault)
  if (found === undefined) throw new Error(`there is no fault ${fault}`)
  return found
}

/** Returns whether the fault does harm without the counter-measure. */
const runOneWithout = async (measure: CounterMeasure, environment: Environment): Promise<boolean> => {
  progress(`without: ${measure.name} ...`)
  const main = await buildWithout(measure)
  const result = await runFault(struckBy(measure), { environment, seed, events, main, progress })
  const { fault, lost, wrong, zombie, failures } = result
  // A worker that does nothing proves nothing.
  const struck = !result.passed && Number(result.seen['rows']) > 0
  console.log(
    JSON.stringify({ without: measure.name, fault, seed, struck, lost, wrong, zombie, failures: failures.slice(0, 3) }),
  )
  return struck
}

/** Returns the number of counter-measures whose faults did no harm. */
const runWithout = async (chosen: readonly FaultCase[]): Promise<number> => {
  const measures = counterMeasures.filter(measure => chosen.includes(struckBy(measure)))
  try {
    const struck: boolean[] = []
    const run = async (measure: CounterMeasure, environment: Environment): Promise<void> => {
      struck.push(await runOneWithout(measure, environment))
    }
    await inLanes(1, itemsOf(measures, struckBy), run, progress)
    const missed = struck.filter(each => !each).length
    console.log(`without: ${struck.length} counter-measures removed, ${missed} made no difference`)
    return missed
  } finally {
    await rm(join(projectFolder, withoutFolder), { recursive: true, force: true })
  }
}

const main = async (): Promise<number> => {
  const chosen = (wanted.length === 0 ? cases : namedCases).filter(isWanted)
  if (values.list) {
    for (const { name, title } of chosen) console.log(`${name}  ${title}`)
    return 0
  }
  if (chosen.length === 0 || !Number.isSafeInteger(seed) || events === 0 || Number.isNaN(events)) {
    console.error(`nothing to run\n${help}`)
    return 64
  }
  progress(`seed ${seed}`)
  if (values.without) return (await runWithout(chosen)) === 0 ? 0 : 1
  const startedAt = Date.now()
  const results = await runCases(chosen)
  const failed = results.filter(({ passed }) => !passed)
  for (const result of failed) console.log(`failed: ${result.fault}: ${result.failures.join('; ')}`)
  const beyond = sumOf(results, result => result.repeatedBeyondWindow)
  console.log(
    `faults: ${results.length} run in ${Math.ceil((Date.now() - startedAt) / 60_000)} min, lost ${sumOf(results, r => r.lost)}, wrong ${sumOf(results, r => r.wrong)}, ` +
      `zombies ${sumOf(results, r => r.zombie)}` +
      (beyond === 0 ? '' : `, repeated beyond the window ${beyond}`) +
      (failed.length === 0 ? '' : `, failed ${failed.length}`),
  )
  return failed.length === 0 ? 0 : 1
}

process.exitCode = await main()
// Everything is closed by now. The driver may still have a timer for a node that has left.
setTimeout(() => process.exit(), 1000).unref()
