import { type Batch, type Consumer, type EachBatchPayload, type Kafka, type KafkaMessage } from 'kafkajs'
import {
  catchError,
  defer,
  firstValueFrom,
  Observable,
  type SchedulerLike,
  Subject,
  type Subscriber,
  takeUntil,
  throwError,
  timer,
} from 'rxjs'
import { type KafkaSettings } from '../config/settings.ts'
import { Fault } from '../model/faults.ts'
import { WriteTimes } from '../ledger/write-times.ts'
import { type Backoff, delayMs, type FaultWatch, persistently } from '../operators/retry.ts'
import { type KafkaRecord, type Position } from '../model/record.ts'
import { type Source } from '../operators/source.ts'
import { faultOf, isUnreachable } from './faults.ts'
import { replayTimestamp } from './headers.ts'
import { type PartitionOffsets, readOffsets, type Start, startOf } from './positions.ts'

export type ConsumerSettings = KafkaSettings & { readonly backoff: Backoff }

/** Told what happens to the consumer. */
export interface ConsumerEvents {
  assigned(assignment: number, partitions: readonly number[]): void
  outOfRange(partition: number, start: Start): void
  /** The partition is read up to `position`, and ends at `end`. */
  reached(partition: number, position: number, end: number): void
  /** The consumer has crashed and starts again after `delayMs`. */
  restarting(fault: Fault, attempt: number, delayMs: number): void
  /** Told while the positions of an assignment cannot be read; nothing is fetched before they are. */
  watch(step: 'locate'): FaultWatch
}

export interface TopicConsumer extends Source {
  /** Nothing more is read: `records` completes. Commits still go through. */
  stop(): void
  /** Leaves the group and disconnects. */
  close(): Promise<void>
}

// A fetch that finds nothing, or everything paused, returns after this long: it bounds how late a resume takes effect
// (the client sleeps through it) and how often heartbeats can be sent meanwhile.
const maxWaitMs = 100

// Headers, offsets and objects of ours that a record holds besides key and value.
const recordOverhead = 512

// The offset a batch was fetched from is in the client (2.2.4, consumer/batch.js), not in its types.
const fetchedOffset = (batch: Batch): number => Number((batch as Batch & { fetchedOffset: string }).fetchedOffset)

/**
 * A consumer group member as an Observable of records. It owns the positions: at every assignment it reads the group's
 * committed offsets and the topic's bounds itself, and takes a batch only if that was fetched from where the partition
 * is to be read next. So nothing is skipped when the client refetches, resets an offset, or delivers, after a rebalance,
 * what it fetched before it.
 */
export const openConsumer = (
  kafka: Kafka,
  settings: ConsumerSettings,
  events: ConsumerEvents,
  clock: SchedulerLike,
  random: () => number,
): TopicConsumer => {
  const { topic, groupId } = settings
  const writeTimes = new WriteTimes()
  let records: Subscriber<KafkaRecord> | undefined
  let consumer: Consumer
  // The one that was assigned the partitions: also when it has crashed what it read and is settled is committed through it.
  let assigned: Consumer | undefined
  let assignment = 0
  // When the last request was sent by which the group has confirmed our membership, in milliseconds.
  let heartbeatSentAt = 0
  let confirmedAt = 0
  let positions = new Map<number, number>()
  let sequences = new Map<number, number>()
  const unassigned = new Subject<void>()
  const ended = new Subject<number>()
  let located: Promise<void> = Promise.resolve()
  let locating = false
  let paused = false
  let stopped = false
  // In a row, since something was fetched; and those of them that the brokers have answered, since a batch was taken.
  let crashes = 0
  let restarts = 0
  let commitOffsets: EachBatchPayload['commitOffsetsIfNecessary'] | undefined

  const applyPause = (): void => {
    try {
      if (paused || locating || stopped) consumer.pause([{ topic }])
      else consumer.resume([{ topic }])
    } catch {
      // Between a crash and the restart there is nothing to pause; the next assignment applies it.
    }
  }

  /** Puts the reading position to `start`, also inside the client: what it has under way is thrown away. */
  const seek = (partition: number, start: Start): void => {
    positions.set(partition, start.offset)
    if (start.outOfRange !== undefined) events.outOfRange(partition, start)
    consumer.seek({ topic, partition, offset: String(start.offset) })
  }

  /** Waits, as a member of the group, while Kafka does not tell; undefined when the assignment ends meanwhile. */
  const awaitOffsets = (): Promise<PartitionOffsets[] | undefined> =>
    firstValueFrom(
      defer(() => readOffsets(kafka, groupId, topic)).pipe(
        catchError((error: unknown) => throwError(() => faultOf(error))),
        persistently({ backoff: settings.backoff, watch: events.watch('locate'), clock, random }),
        takeUntil(unassigned),
      ),
      { defaultValue: undefined },
    )

  const locate = async (during: number, partitions: readonly number[]): Promise<void> => {
    const offsets = await awaitOffsets()
    if (offsets === undefined || during !== assignment) return
    for (const partition of partitions) {
      const known = offsets.find(found => found.partition === partition)
      if (known === undefined) throw new Fault('transient', `partition ${partition} has no leader yet`)
      const start = startOf(known, settings.offsetReset)
      // The client, told to read from the beginning, finds every other start by itself.
      if (start.outOfRange !== undefined || settings.offsetReset === 'latest') seek(partition, start)
      else positions.set(partition, start.offset)
      events.reached(partition, start.offset, known.high)
    }
  }

  /** The client is at another position than we: past the start of the log by retention, or by a fetch from before. */
  const relocate = async (partition: number, expected: number, during: number): Promise<void> => {
    const offsets = await readOffsets(kafka, groupId, topic)
    const known = offsets.find(found => found.partition === partition)
    if (known !== undefined && during === assignment)
      seek(partition, startOf({ ...known, committed: expected }, 'earliest'))
  }

  /**
   * A process that was stopped for longer than its session, and wakes with a fetched batch, owns it no more: another has
   * read on and written newer versions. It must not give these records timestamps of now.
   */
  const isConfirmed = (at: number): boolean => at - confirmedAt < settings.sessionTimeoutMs / 2

  const toRecord = (partition: number, message: KafkaMessage, readAt: number): KafkaRecord => {
    const timestamp = Number(message.timestamp)
    const sequence = sequences.get(partition) ?? 0
    sequences.set(partition, sequence + 1)
    return {
      partition,
      offset: Number(message.offset),
      assignment,
      sequence,
      timestamp,
      writeTimestamp: replayTimestamp(message.headers, readAt * 1000) ?? writeTimes.next(partition, readAt),
      key: message.key,
      value: message.value,
      headers: message.headers ?? {},
      bytes: (message.key?.length ?? 0) + (message.value?.length ?? 0) + recordOverhead,
    }
  }

  /** Hands over and returns: it never waits for writes, because heartbeats wait for it (tulios/kafkajs#130). */
  const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    const { batch } = payload
    const { partition, messages } = batch
    const during = assignment
    // Before the membership is looked at: who is stopped after this line writes with a time from before.
    const readAt = clock.now()
    if (!isConfirmed(readAt)) await payload.heartbeat()
    // A handler that waits is one that sends no heartbeat; what it gets now is fetched again.
    if (locating) return
    await located
    const expected = positions.get(partition)
    if (during !== assignment || expected === undefined || paused || stopped || records === undefined) return
    // The client sends no heartbeat soon after the last answer, also when that answer had waited for a sleeper to wake.
    if (!isConfirmed(readAt)) return
    if (fetchedOffset(batch) !== expected) {
      await relocate(partition, expected, during)
      return
    }
    restarts = 0
    commitOffsets = offsets => payload.commitOffsetsIfNecessary(offsets)
    // Whole, also past the bound: it is here already, and what a pause leaves of it would be fetched and decoded again.
    for (const message of messages) records.next(toRecord(partition, message, readAt))
    const next = Number(batch.lastOffset()) + 1
    payload.resolveOffset(batch.lastOffset())
    positions.set(partition, next)
    events.reached(partition, next, Number(batch.highWatermark))
  }

  const start = async (client: Consumer): Promise<void> => {
    try {
      await client.connect()
      if (stopped) return
      await client.subscribe({ topic, fromBeginning: true })
      await client.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch })
    } catch (error) {
      crashed(client, error)
    }
  }

  const leave = (client: Consumer): Promise<void> => client.disconnect().catch(() => undefined)

  const startAnew = (): void => {
    if (stopped) return
    if (consumer !== assigned) void leave(consumer)
    consumer = openClient()
    void start(consumer)
  }

  const crashed = (client: Consumer, error: unknown): void => {
    if (stopped || client !== consumer) return
    unassigned.next()
    const fault = faultOf(error)
    crashes += 1
    if (!isUnreachable(error)) restarts += 1
    if (!(fault instanceof Fault) || restarts > settings.maxRestarts) {
      records?.error(fault)
      return
    }
    const ms = delayMs(settings.backoff, crashes, random)
    events.restarting(fault, crashes, ms)
    timer(ms, clock).subscribe(startAnew)
  }

  /**
   * One client for each start. After a crash the same one (2.2.4, cluster/brokerPool.js) begins with the address of which it
   * knows the versions already, and takes it for a broker when it only accepts connections: as a load balancer does, for ever.
   */
  const openClient = (): Consumer => {
    const client = kafka.consumer({
      groupId,
      sessionTimeout: settings.sessionTimeoutMs,
      heartbeatInterval: settings.heartbeatIntervalMs,
      maxBytesPerPartition: settings.fetchMaxBytesPerPartition,
      maxWaitTimeInMs: maxWaitMs,
      metadataMaxAge: 60_000,
      allowAutoTopicCreation: false,
      // Restarting is decided here, in crashed().
      retry: { restartOnFailure: () => Promise.resolve(false) },
    })

    client.on(client.events.REQUEST, ({ payload: { apiName, sentAt } }) => {
      if (apiName === 'Heartbeat' || apiName === 'SyncGroup') heartbeatSentAt = sentAt
    })
    client.on(client.events.HEARTBEAT, () => (confirmedAt = heartbeatSentAt))
    client.on(client.events.FETCH, () => (crashes = 0))
    client.on(client.events.CRASH, ({ payload }) => crashed(client, payload.error))

    client.on(client.events.GROUP_JOIN, ({ payload }) => {
      unassigned.next()
      ended.next(assignment)
      assignment += 1
      confirmedAt = heartbeatSentAt
      positions = new Map()
      sequences = new Map()
      commitOffsets = undefined
      if (assigned !== undefined && assigned !== client) void leave(assigned)
      assigned = client
      const during = assignment
      const partitions = payload.memberAssignment[topic] ?? []
      // Nothing is fetched before the committed offsets are read: at one out of range the client commits its own reset
      // over it. What a fetch from before still brings, it drops for a paused partition.
      locating = true
      applyPause()
      events.assigned(assignment, partitions)
      located = locate(during, partitions).finally(() => {
        if (during !== assignment) return
        locating = false
        applyPause()
      })
      // The next batch gets the error, and the client crashes with it.
      located.catch(() => undefined)
    })

    // Control records and aborted transactions never come to eachBatch: the client steps over them by itself.
    client.on(client.events.START_BATCH_PROCESS, ({ payload }) => {
      const { partition, batchSize, lastOffset, highWatermark } = payload
      const position = positions.get(partition)
      if (batchSize > 0 || position === undefined) return
      const next = Math.max(position, Number(lastOffset) + 1)
      positions.set(partition, next)
      events.reached(partition, next, Number(highWatermark))
    })

    return client
  }

  consumer = openClient()

  return {
    ended,
    records: new Observable(subscriber => {
      records = subscriber
      void start(consumer)
    }),
    pause: () => {
      paused = true
      applyPause()
    },
    resume: () => {
      paused = false
      applyPause()
    },
    commit: async (due: readonly Position[]) => {
      // consumer.commitOffsets() would try again through a rebalance and commit these offsets in the next generation
      // (tulios/kafkajs#1046); the handler's own function sends once, in the generation that stands now.
      const during = assignment
      const partitions = due
        .filter(position => position.assignment === during)
        .map(({ partition, offset }) => ({ partition, offset: String(offset) }))
      if (partitions.length === 0 || commitOffsets === undefined) return []
      try {
        await commitOffsets({ topics: [{ topic, partitions }] })
      } catch (error) {
        throw faultOf(error)
      }
      return due.filter(position => position.assignment === during)
    },
    stop: () => {
      stopped = true
      applyPause()
      records?.complete()
    },
    close: async () => {
      stopped = true
      unassigned.next()
      if (assigned !== undefined && assigned !== consumer) await leave(assigned)
      await consumer.disconnect()
    },
  }
}
