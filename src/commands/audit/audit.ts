import { tmpdir } from 'node:os'
import { type SchedulerLike } from 'rxjs'
import { Digester } from '../../audit/cells.ts'
import { foundIn } from '../../audit/entries.ts'
import { type Judging } from '../../audit/judge.ts'
import { byEvent, byReading } from '../../audit/order.ts'
import { Totals } from '../../audit/result.ts'
import { Spill } from '../../audit/spill.ts'
import { type RowReader } from '../../cassandra/row-reader.ts'
import { type PackedStream } from '../../model/change.ts'
import { type Stream } from '../../stream/definition.ts'
import { bar, showLine } from '../shown-line.ts'
import { type Terminal } from '../terminal.ts'
import { type Differences } from './differences.ts'
import { judgeAllLetters, judgeAllRows, type Mendable } from './judge.ts'
import { type AuditOptions } from './options.ts'
import { type Plan } from './plan.ts'
import { Events } from './read-events.ts'
import { Letters } from './read-letters.ts'
import { readEveryRow, readNamedRows, type RowsOf } from './read-rows.ts'
import { readEvents, readLetters, type ReadSpan } from './read-topics.ts'
import { type Servers } from './servers.ts'

export interface AuditOf {
  readonly options: AuditOptions
  readonly stream: Stream
  readonly packed: PackedStream
  readonly isByEvent: boolean
  readonly plan: Plan
  /** Milliseconds: the worker read all audited events before this time. */
  readonly endedAt: number
  readonly servers: Servers
  readonly reader: RowReader
  readonly differences: Differences
  readonly mendable: Mendable
  readonly terminal: Pick<Terminal, 'tell' | 'isTerminal'>
  readonly signal: AbortSignal
  readonly clock: SchedulerLike
  readonly random: () => number
}

export interface Audited {
  readonly totals: Totals
  /** If interrupted while it read rows: the bucket from which `--resume` continues. */
  readonly resume?: number
  /** Whether it was interrupted. */
  readonly isCut: boolean
}

/** The first bucket with a row that was not found equal. */
const firstOpen = (rows: Spill, cells: number, before: number): number => {
  for (let bucket = 0; bucket < before; bucket += 1) {
    for (const _ of foundIn(rows.entries(bucket), cells)) return bucket
  }
  return before
}

/**
 * Compares table and dead letters with the topic. The order matters. First the dead letters: all of them were published before
 * the group committed. Then the events, then the rows. Last the events after the end of the range: an event that changed a row
 * meanwhile was in the topic before that.
 *
 * @throws Fault, OutOfRange
 */
export const audit = async (of: AuditOf): Promise<Audited> => {
  const { options, stream, plan, servers, signal, clock, terminal, isByEvent, differences, mendable } = of
  const { table } = stream
  const digester = new Digester(table, Math.floor(of.random() * 2 ** 32))
  const totals = new Totals()
  totals.obstacles.push(...plan.obstacles)
  const [rows, places] = [new Spill(tmpdir()), new Spill(tmpdir())]
  const line = showLine(terminal.tell, terminal.isTerminal, clock)
  const shows = (what: string) => (part: number) => line.at(() => `${bar(part)}  ${what}`)
  const isStopped = (): boolean => signal.aborted
  try {
    const letters = new Letters(stream.name, servers.topic, plan.spans, places, totals)
    await readLetters(servers.readLetters, await servers.letterSpans(), letters, shows('dead letters'))
    const events = new Events({
      ...{ stream: of.packed, digester, rows, places, refused: letters.refused, totals, byEvent: isByEvent },
      ...{ endedAt: of.endedAt * 1000, keepsKeys: !options.wholeTable },
    })
    const read: ReadSpan = servers.readEvents
    await readEvents(read, plan.spans, events, false, shows('events'))
    if (isStopped()) return { totals, isCut: true }

    const ends = new Map(plan.spans.map(({ partition, to }) => [partition, to]))
    const judging: Judging = {
      cells: digester.names.length,
      order: isByEvent ? byEvent : byReading,
      context: { byEvent: isByEvent, isWhole: plan.isWhole, endedAt: of.endedAt * 1000 },
      everyRow: options.wholeTable === true,
      isLater: ({ partition, offset }) => offset >= (ends.get(partition) ?? 0),
      begunAt: events.begunAt,
    }
    const key = [...table.partitionKey, ...table.clusteringKey]
    const rowsOf: RowsOf = {
      ...{ reader: of.reader, rows, digester, judging, totals, signal, clock, progress: shows('rows') },
      types: Object.entries(table.columns).flatMap(([name, type]) => (key.includes(name) ? [] : [type])),
      ...{ perSecond: options.rate, first: options.resume, most: options.sample ?? Infinity },
    }
    if (options.wholeTable) await readEveryRow(rowsOf)
    else {
      const stoppedAt = await readNamedRows(rowsOf)
      if (stoppedAt !== undefined) return { totals, isCut: true, resume: firstOpen(rows, judging.cells, stoppedAt) }
    }
    await readEvents(read, await servers.laterSpans(plan.spans), events, true, shows('events after the end'))
    if (isStopped()) return { totals, isCut: true }

    judgeAllRows(rows, judging, digester, totals, differences, mendable)
    judgeAllLetters(places, letters.keptSince, totals, differences, mendable)
    if (totals.compacted > 0) totals.obstacles.push(`compaction has removed ${totals.compacted} messages`)
    totals.obstacles.push(...(await servers.movedBack(plan.spans)))
    return { totals, isCut: false }
  } finally {
    line.end()
    rows.close()
    places.close()
  }
}
