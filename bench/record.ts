// node dist/bench/record.js: the CPU time of a record in one process, without servers, in microseconds: to read, to read and
// flatten, and to pack it too. To compare two builds, run them in turns, because the speed of the machine changes.
import { packed } from '../src/cassandra/packed.ts'
import { statements } from '../src/cassandra/statements.ts'
import { eventReader } from '../src/stream/json/read-event.ts'
import { messages } from '../rig/load/enrolments.ts'
import programUserInfo from '../streams/program-user-info/stream.ts'

const load = { seed: 7, events: 10_000, programmes: 200, repeats: 0, bad: 0, bytes: 1800 }
const values = Array.from(messages(load), ({ value }) => value)
const rounds = 15

const { read, flatten } = packed(programUserInfo)
const readEvent = eventReader(programUserInfo.event)
const statement = statements(programUserInfo.table, 'k', 't')

const steps: Readonly<Record<string, (value: Buffer | null) => unknown>> = {
  'skip everything': eventReader({ kind: 'object', fields: {} }),
  read,
  'read + flatten': value => programUserInfo.flatten(readEvent(value)),
  'read + flatten + pack': value => flatten(read(value)),
  'read + flatten + pack + bind': value => statement.bind(flatten(read(value)), 1_690_431_138_511_000),
}

const cpuMicroseconds = (work: (value: Buffer | null) => unknown): number => {
  const before = process.cpuUsage()
  for (const value of values) work(value)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / values.length
}

for (const [name, work] of Object.entries(steps)) {
  const costs = Array.from({ length: rounds }, () => cpuMicroseconds(work)).sort((a, b) => a - b)
  const [best = NaN, median = NaN] = [costs[0], costs[Math.floor(rounds / 2)]]
  console.log(`${best.toFixed(1).padStart(6)} us at best, ${median.toFixed(1)} median: ${name}`)
}
