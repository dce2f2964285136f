import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectFolder } from '../servers/folders.ts'

/** A counter-measure, how it is taken out of the built worker, and the fault that must strike then. */
export interface CounterMeasure {
  readonly name: string
  readonly file: string
  readonly from: string
  readonly to: string
  readonly fault: string
}

export const counterMeasures: readonly CounterMeasure[] = [
  {
    name: 'a record has its write time from when it was read, however late it is written',
    file: 'src/cassandra/writer.js',
    from: 'statement.bind(change, writeTimestamp)',
    to: 'statement.bind(change, Date.now() * 1000)',
    fault: 'F05-paused-owner',
  },
  {
    name: 'who has not heard of its group for half a session asks before it takes a record',
    file: 'src/kafka/membership.js',
    from: 'return this.#elapsed() - this.#confirmedAt <',
    to: 'return true || this.#elapsed() - this.#confirmedAt <',
    fault: 'F05-paused-owner',
  },
  {
    name: 'a try again keeps the write time of the first try',
    file: 'src/cassandra/writer.js',
    from: 'statement.bind(change, writeTimestamp)',
    to: 'statement.bind(change, Date.now() * 1000)',
    fault: 'F22-bad-link-to-cassandra',
  },
  {
    name: 'an offset is committed only when everything before it is written',
    file: 'src/ledger/offsets.js',
    from: 'tracked.tracker.read(sequence, offset);',
    to: 'tracked.tracker.read(sequence, offset); tracked.tracker.settle(sequence); this.settle = () => undefined;',
    fault: 'F01-sigkill',
  },
  {
    name: 'an offset that is out of range while reading is looked for anew',
    file: 'src/kafka/lane.js',
    from: "return 'locate'",
    to: "return 'later'",
    fault: 'F16-out-of-range-while-reading',
  },
  {
    name: 'a message that was cut with its connection is not joined with the next one',
    file: 'src/kafka/client.js',
    from: 'socketFactory: openSocket,',
    to: '',
    fault: 'F15-bad-link-to-kafka',
  },
  {
    name: 'a connection that is closed before any answer counts as failed',
    file: 'src/kafka/socket.js',
    from: '!answered && !socket.writableEnded',
    to: 'false',
    fault: 'F15-address-that-closes',
  },
  {
    name: 'a consumer that has crashed is begun anew with a new client',
    file: 'src/kafka/members.js',
    from: 'const member = this.#open(',
    to: 'if (this.#current !== undefined) return this.#current.start(); const member = this.#open(',
    fault: 'F15-first-address-lost',
  },
  {
    name: 'dead letters are tried again with a new client',
    file: 'src/kafka/producer.js',
    from: ';\n                    producer = open();',
    to: ';',
    fault: 'F15-first-address-lost',
  },
  {
    name: 'an open connection that has gone silent is given up',
    file: 'src/kafka/producer.js',
    from: 'if (isUnreachable(error))',
    to: 'if (false)',
    fault: 'F15-forgotten-connections',
  },
  {
    name: 'a stop waits for what is in flight',
    file: 'src/commands/run/run.js',
    from: "(await Promise.race([drained, timeout])) !== 'drained'",
    to: 'false',
    fault: 'F03-sigterm',
  },
  {
    name: 'a table that was changed is told from a row that is refused',
    file: 'src/cassandra/check.js',
    from: 'if (faults.length > 0)',
    to: 'if (false)',
    fault: 'F24-table-dropped',
  },
  {
    name: 'a write that is answered with a fault does not count as written',
    file: 'src/cassandra/writer.js',
    from: 'throw fault;',
    to: 'if (fault instanceof InvalidRequest) throw fault;',
    fault: 'F23-error-codes',
  },
  {
    name: 'a version covers an earlier one only when it sets all of its columns',
    file: 'src/ledger/versions.js',
    from: 'return later.leaves.every(column => earlier.leaves.includes(column))',
    to: 'return true',
    fault: 'F31-many-versions',
  },
]

/** Where the copy lies, from the project's folder; whoever builds it removes it. */
export const withoutFolder = '.without'

/**
 * The built file without this counter-measure.
 *
 * @throws Error when the text to take out is not there exactly once.
 */
export const takenOut = async ({ file, from, to }: CounterMeasure): Promise<string> => {
  const parts = (await readFile(join(projectFolder, 'dist', file), 'utf8')).split(from)
  if (parts.length !== 2) throw new Error(`${file} has "${from}" ${parts.length - 1} times`)
  return parts.join(to)
}

/** A copy of the built worker without this counter-measure; gives its main module. */
export const buildWithout = async (measure: CounterMeasure): Promise<string> => {
  // As deep as the built one, which finds the project's files from where it lies.
  const folder = join(projectFolder, withoutFolder)
  const changed = await takenOut(measure)
  await rm(folder, { recursive: true, force: true })
  for (const part of ['src', 'streams'])
    await cp(join(projectFolder, 'dist', part), join(folder, part), { recursive: true })
  await writeFile(join(folder, measure.file), changed)
  return join(folder, 'src', 'main.js')
}
