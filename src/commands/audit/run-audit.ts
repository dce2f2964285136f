import { type SchedulerLike } from 'rxjs'
import { checkTable } from '../../cassandra/check.ts'
import { connectCassandra } from '../../cassandra/client.ts'
import { packed } from '../../cassandra/packed.ts'
import { rowReader } from '../../cassandra/row-reader.ts'
import { type Settings } from '../../config/settings.ts'
import { kafkaClient } from '../../kafka/client.ts'
import { OutOfRange } from '../../kafka/read-span.ts'
import { Fault } from '../../model/faults.ts'
import { describeError } from '../../observe/log/log-line.ts'
import { type Stream } from '../../stream/definition.ts'
import { exitCodes } from '../exit-codes.ts'
import { type Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import { EventsToPublish } from './events-to-publish.ts'
import { audit } from './audit.ts'
import { asJson, asTable } from './differences.ts'
import { fix } from './fix.ts'
import { type AuditOptions } from './options.ts'
import { planOf } from './plan.ts'
import { reportOf, summaryOf } from './report.ts'
import { leaveResult, resultOf } from './result-file.ts'
import { openServers } from './servers.ts'

const codes = { agrees: exitCodes.ok, differs: exitCodes.failed, 'cannot-tell': exitCodes.cannotTell } as const

interface Surroundings {
  readonly terminal: Terminal
  readonly signal: AbortSignal
  readonly clock: SchedulerLike
  readonly random: () => number
}

const hex = (bucket: number): string => bucket.toString(16).padStart(2, '0')

const run = async (
  options: AuditOptions,
  stream: Stream,
  settings: Settings,
  { terminal, signal, clock, random }: Surroundings,
): Promise<number> => {
  const { kafka: kafkaSettings, cassandra } = settings
  const servers = openServers(
    kafkaClient(kafkaSettings, () => undefined),
    kafkaSettings,
    signal,
    clock,
  )
  const [from, to] = [await servers.offsetsOf(options.from), await servers.offsetsOf(options.to)]
  const plan = planOf(await servers.offsets(), from, to)
  const endedAt = clock.now()
  const name = { ...cassandra, ...options.table }
  const client = await connectCassandra(cassandra)
  const toPublish = options.fix ? new EventsToPublish(endedAt * 1000) : undefined
  try {
    await checkTable(client, stream.table, name)
    const differences = options.json ? asJson(terminal.write) : asTable()
    const { totals, isCut, resume } = await audit({
      ...{
        options,
        stream,
        packed: packed(stream),
        isByEvent: settings.pipeline.writeOrder === 'event',
        plan,
        endedAt,
      },
      ...{ servers, reader: rowReader(client, stream.table, name), differences, terminal, signal, clock, random },
      mendable: toPublish ?? { row: () => undefined, letter: () => undefined },
    })
    if (isCut) {
      terminal.tell('interrupted: no verdict\n')
      if (resume !== undefined) {
        const equal = `${totals.equal} rows match the topic`
        terminal.tell(`${equal}; run the same command with --resume ${hex(resume)} to continue\n`)
      }
      return exitCodes.cannotTell
    }
    const compared = {
      ...{ topic: kafkaSettings.topic, group: kafkaSettings.groupId, deadLetterTopic: kafkaSettings.deadLetterTopic },
      ...{ table: `${name.keyspace}.${name.table}`, spans: plan.spans, notes: plan.notes },
      ...{ isSample: options.sample !== undefined, everyRow: options.wholeTable === true },
    }
    terminal.write(options.json ? summaryOf(totals, compared) : reportOf(totals, compared, differences.toString()))
    const isLeft = leaveResult(settings.audit.resultFile, resultOf(totals, clock.now()), stream.name, terminal.tell)
    if (toPublish !== undefined)
      await fix({ events: toPublish, servers, yes: options.yes === true, terminal, signal, clock })
    // A success would hide that the result file is out of date.
    return isLeft || totals.verdict === 'differs' ? codes[totals.verdict] : exitCodes.cannotTell
  } finally {
    toPublish?.close()
    await client.shutdown()
  }
}

const reasonOf = (error: unknown): string => {
  if (error instanceof OutOfRange) return `${error.message}: retention removed them, or the topic was recreated`
  return error instanceof Fault ? error.message : describeError(error)
}

/** Runs an audit and returns the exit code. If a server cannot be used, there is no verdict. */
export const runAudit = async (...of: Parameters<typeof run>): Promise<number> => {
  const [{ fix: fixes, yes }, stream, settings, { terminal, clock }] = of
  if (fixes && !yes && terminal.confirm === undefined) {
    throw new UsageError('--fix cannot ask for confirmation here: use --yes')
  }
  try {
    return await run(...of)
  } catch (error) {
    leaveResult(settings.audit.resultFile, resultOf(undefined, clock.now()), stream.name, terminal.tell)
    terminal.tell(`cannot tell whether table and topic match: ${reasonOf(error)}\n`)
    return exitCodes.cannotTell
  }
}
