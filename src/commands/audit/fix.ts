import { type SchedulerLike } from 'rxjs'
import { type Republished } from '../../audit/republish.ts'
import { replayHeader } from '../../kafka/headers.ts'
import { type Replayed } from '../../kafka/replay.ts'
import { defaultPerSecond } from '../dead-letters/arguments.ts'
import { readersLine } from '../dead-letters/before-replay.ts'
import { groupSize } from '../dead-letters/group.ts'
import { replayedFrom } from '../dead-letters/replayed.ts'
import { type Terminal } from '../terminal.ts'
import { type EventsToPublish } from './events-to-publish.ts'
import { Pace } from './pace.ts'
import { type Servers } from './servers.ts'

export interface FixOf {
  readonly events: EventsToPublish
  readonly servers: Servers
  /** Publish without asking. */
  readonly yes: boolean
  readonly terminal: Pick<Terminal, 'tell' | 'confirm'>
  readonly signal: AbortSignal
  readonly clock: SchedulerLike
}

const mayPublish = async ({ events, servers, yes, terminal, signal }: FixOf): Promise<boolean> => {
  const { count, left, overwritten } = events
  if (left > 0) terminal.tell(`${left} rows are left alone, because an event after the end of the audit changes them\n`)
  if (count === 0) return false
  terminal.tell(readersLine(servers.topic, await servers.readers()))
  if (overwritten > 0)
    terminal.tell(
      `${overwritten} rows were written later than their event, by somebody else; this will be overwritten\n`,
    )
  if (yes || terminal.confirm === undefined) return yes
  return terminal.confirm(`Publish ${count} events to ${servers.topic} again?`, signal)
}

/** Splits into runs of the same partition. */
function* byPartition(events: Iterable<Republished>, most: number): Generator<Republished[]> {
  let group: Republished[] = []
  for (const event of events) {
    if (group.length === most || (group[0] !== undefined && group[0].partition !== event.partition)) {
      yield group
      group = []
    }
    group.push(event)
  }
  if (group.length > 0) yield group
}

/**
 * Publishes events to the source topic again, unchanged and to their own partitions. Their write timestamps are later than
 * everything the audit found, and earlier than everything the worker reads afterwards. It asks first.
 *
 * @throws Fault when Kafka fails, after printing how many were published
 */
export const fix = async (of: FixOf): Promise<void> => {
  const { events, servers, terminal, signal, clock } = of
  if (!(await mayPublish(of))) {
    terminal.tell('nothing was published\n')
    return
  }
  const pace = new Pace(defaultPerSecond, clock)
  const target = servers.target()
  let published = 0
  let lost = 0

  const read = (group: readonly Republished[]): Promise<Replayed[]> =>
    servers.withMessages(group[0]?.partition ?? 0, async messageAt => {
      const messages: Replayed[] = []
      for (const { partition, offset, writeTimestamp } of group) {
        const found = await messageAt(offset)
        if (found === undefined) continue
        const { key, value, headers } = found
        const from = `${servers.topic}:${partition}:${offset}`
        const ours = { [replayHeader]: String(writeTimestamp), [replayedFrom]: from }
        messages.push({ partition, key, value, headers: { ...headers, ...ours } })
      }
      return messages
    })

  try {
    for (const group of byPartition(events, groupSize(defaultPerSecond))) {
      if (signal.aborted) break
      await pace.wait(group.length)
      const messages = await read(group)
      const refused = messages.length === 0 ? [] : await target.publish(messages)
      const count = messages.length - refused.length
      published += count
      lost += group.length - count
    }
  } finally {
    await target.close().catch(() => undefined)
    terminal.tell(
      `${published} of ${events.count} events published again; run the audit again when the worker has read them\n`,
    )
    if (lost > 0) terminal.tell(`${lost} events are no longer in the topic, or the topic refuses them as too large\n`)
  }
}
