import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectFolder } from '../servers/folders.ts'

/** A counter-measure, how to remove it from the built worker, and the fault that must then do harm. */
export interface CounterMeasure {
  readonly name: string
  readonly file: string
  readonly from: string
  readonly to: string
  readonly fault: string
}

export const counterMeasures: readonly CounterMeasure[] = [
  {
    name: 'a record keeps the write timestamp of when it was read, however late it is written',
    file: 'src/cassandra/request-frames.js',
    from: 'const high =',
    to: 'microseconds = Date.now() * 1000; const high =',
    fault: 'F05-paused-owner',
  },
  {
    name: 'a worker without a heartbeat for half a session timeout sends one before it takes a record',
    file: 'src/kafka/membership.js',
    from: 'return this.#elapsed() - this.#confirmedAt <',
    to: 'return true || this.#elapsed() - this.#confirmedAt <',
    fault: 'F05-paused-owner',
  },
  {
    name: 'a retry keeps the write timestamp of the first attempt',
    file: 'src/cassandra/request-frames.js',
    from: 'const high =',
    to: 'microseconds = Date.now() * 1000; const high =',
    fault: 'F22-bad-link-to-cassandra',
  },
  {
    name: 'an offset is committed only after everything before it is written',
    file: 'src/ledger/offsets.js',
    from: 'tracked.tracker.read(sequence, offset);',
    to: 'tracked.tracker.read(sequence, offset); tracked.tracker.settle(sequence); this.settle = () => undefined;',
    fault: 'F01-sigkill',
  },
  {
    name: 'after an offset out of range, the worker looks up the next offset',
    file: 'src/kafka/lane.js',
    from: "return 'locate'",
    to: "return 'later'",
    fault: 'F16-out-of-range-while-reading',
  },
  {
    name: 'a response cut off with its connection is not joined with the next one',
    file: 'src/kafka/client.js',
    from: 'socketFactory: openSocket,',
    to: '',
    fault: 'F15-bad-link-to-kafka',
  },
  {
    name: 'a connection that is closed before any response counts as failed',
    file: 'src/kafka/socket.js',
    from: '!answered && !socket.writableEnded',
    to: 'false',
    fault: 'F15-address-that-closes',
  },
  {
    name: 'a crashed consumer is replaced by one with a new client',
    file: 'src/kafka/members.js',
    from: 'const member = this.#open(',
    to: 'if (this.#current !== undefined) return this.#current.start(); const member = this.#open(',
    fault: 'F15-first-address-lost',
  },
  {
    name: 'dead letters are retried with a new client',
    file: 'src/kafka/producer.js',
    from: ';\n                    producer = open();',
    to: ';',
    fault: 'F15-first-address-lost',
  },
  {
    name: 'a connection that has gone silent is closed',
    file: 'src/kafka/producer.js',
    from: 'if (isUnreachable(error))',
    to: 'if (false)',
    fault: 'F15-forgotten-connections',
  },
  {
    name: 'a stop waits for the records in flight',
    file: 'src/commands/run/run.js',
    from: "(await Promise.race([drained, timeout])) === 'drained'",
    to: 'true',
    fault: 'F03-sigterm',
  },
  {
    name: 'a changed table is distinguished from a refused row',
    file: 'src/cassandra/check.js',
    from: 'if (faults.length > 0)',
    to: 'if (false)',
    fault: 'F24-table-dropped',
  },
  {
    name: 'a write that fails does not count as written',
    file: 'src/cassandra/writer.js',
    from: 'throw fault;',
    to: 'if (fault instanceof InvalidRequest) throw fault;',
    fault: 'F23-error-codes',
  },
  {
    name: 'a version covers an earlier one only if it sets all of its columns',
    file: 'src/ledger/versions.js',
    from: 'return later.leaves.every(column => earlier.leaves.includes(column))',
    to: 'return true',
    fault: 'F31-many-versions',
  },
  {
    name: 'a refused row is blamed only if another was accepted since',
    file: 'src/operators/judge.js',
    from: 'const blamed = isToBlame(suspect)',
    to: 'const blamed = true',
    fault: 'F23-refuses-every-write',
  },
  {
    name: 'a member that is refused at a commit joins again',
    file: 'src/kafka/commit-once.js',
    from: 'error instanceof Error && rejoinAfter',
    to: 'false && rejoinAfter',
    fault: 'F14-unknown-member',
  },
  {
    name: 'heartbeats are sent by a clock that is never set back',
    file: 'src/kafka/heartbeats.js',
    from: 'this.#elapsed = elapsed',
    to: 'this.#elapsed = () => Date.now()',
    fault: 'F34-clock-back',
  },
  {
    name: 'write timestamps rise even if the clock is set back',
    file: 'src/ledger/write-times.js',
    from: 'Math.max(now * 1000, this.#last + 1)',
    to: 'now * 1000',
    fault: 'F34-clock-back',
  },
  {
    name: 'headers count in the bytes in flight',
    file: 'src/kafka/fetch/records.js',
    from: '(this.value?.length ?? 0) + headerBytes',
    to: '(this.value?.length ?? 0)',
    fault: 'F29-large-headers',
  },
  {
    name: 'a write that a node does not answer is sent to a second one',
    file: 'src/cassandra/slow-nodes.js',
    from: 'return this.#slowNodes.patienceBeside(() => this.#nodes.othersThan(address), this.#now())',
    to: 'return -1',
    fault: 'F41-node-hangs',
  },
  {
    name: 'partitions are delivered in turn',
    file: 'src/kafka/assignment.js',
    from: 'this.#toDeliver = toTheEnd(this.#toDeliver, lane)',
    to: '',
    fault: 'F43-equal-backlogs',
  },
  {
    name: 'for a partition without a leader, a new group commits a time',
    file: 'src/kafka/locate.js',
    from: '?.high ?? time',
    to: '?.high ?? -1',
    fault: 'F42-latest-without-leader',
  },
  {
    name: 'a dead-letter topic that refuses a record is reported with what to set',
    file: 'src/kafka/faults.js',
    from: 'INVALID_RECORD: ',
    to: 'INVALID_RECORD_: ',
    fault: 'F30-compacted-dead-letters',
  },
  {
    name: 'a new group commits its first offsets before it reads',
    file: 'src/kafka/locate.js',
    from: 'await commit(pins);',
    to: 'await undefined;',
    fault: 'F42-latest',
  },
  {
    name: 'a partition that is added later is read from its first offset',
    file: 'src/kafka/locate.js',
    from: "startOf(known, 'earliest')",
    to: 'startOf(known, offsetReset)',
    fault: 'F42-latest',
  },
  {
    name: 'a dead letter that the topic refuses is sent with less and less of its message',
    file: 'src/operators/dead-letter.js',
    from: 'publishFirst(lessAndLess(rejected), refused)',
    to: 'publishFirst([], refused)',
    fault: 'F30-dead-letters-without-room',
  },
  {
    name: 'the partition of a dead letter needs no hash of its key',
    file: 'src/kafka/same-partition.js',
    from: 'export const samePartition = () => ({ partitionMetadata, message }) => (message.partition ?? 0) % partitionMetadata.length',
    to: "import { Partitioners } from 'kafkajs'; export const samePartition = () => request => Partitioners.DefaultPartitioner()({ ...request, message: { ...request.message, partition: undefined } })",
    fault: 'F29-large-messages',
  },
  {
    name: 'reading continues while a refused row waits for evidence',
    file: 'src/pipeline.js',
    from: "retrying('write'), waiting('write')",
    to: "retrying('write'), retrying('write')",
    fault: 'F27-refused-row-alone',
  },
  {
    name: 'a record batch that cannot be decoded holds up only its own partition',
    file: 'src/kafka/fetch/record-batches.js',
    from: 'if (!(error instanceof Malformed))',
    to: '',
    fault: 'F33-undecodable',
  },
  {
    name: 'a worker that waits at a record batch notices that it was skipped',
    file: 'src/kafka/look-for-skip.js',
    from: 'if (committed > position)',
    to: 'if (false)',
    fault: 'F33-undecodable',
  },
  {
    name: 'a record batch is decompressed up to a limit',
    file: 'src/kafka/codecs/gzip.js',
    from: '{ maxOutputLength: contentLimit }',
    to: '{}',
    fault: 'F33-undecodable',
  },
]

/** The folder of the copy in the project. The caller removes it. */
export const withoutFolder = '.without'

/**
 * The built file without this counter-measure.
 *
 * @throws Error if the text to remove does not occur exactly once
 */
export const takenOut = async ({ file, from, to }: CounterMeasure): Promise<string> => {
  const parts = (await readFile(join(projectFolder, 'dist', file), 'utf8')).split(from)
  if (parts.length !== 2) throw new Error(`${file} has "${from}" ${parts.length - 1} times`)
  return parts.join(to)
}

/** Creates a copy of the built worker without this counter-measure. Returns its main module. */
export const buildWithout = async (measure: CounterMeasure): Promise<string> => {
  // At the same depth as the built one, which finds the project's files relative to itself.
  const folder = join(projectFolder, withoutFolder)
  const changed = await takenOut(measure)
  await rm(folder, { recursive: true, force: true })
  for (const part of ['src', 'streams'])
    await cp(join(projectFolder, 'dist', part), join(folder, part), { recursive: true })
  await writeFile(join(folder, measure.file), changed)
  return join(folder, 'src', 'main.js')
}
