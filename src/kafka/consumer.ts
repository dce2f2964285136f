import { Observable, type SchedulerLike, type Subscriber } from 'rxjs'
import { type KafkaRecord } from '../model/record.ts'
import { type ConsumerEvents } from './consumer-events.ts'
import { elapsedOf } from './elapsed.ts'
import { faultOf } from './faults.ts'
import { GroupReader } from './group-reader.ts'
import { type Member, type OpenMember } from './member.ts'
import { Members } from './members.ts'
import { Restarts } from './restarts.ts'
import { type ConsumerSettings, type TopicConsumer } from './topic-consumer.ts'

/** The limits of one fetch from a broker: its bytes, and how long it may wait for new data. */
const fetchLimits = { maxBytes: 2_097_152, maxWaitMs: 500 }

/**
 * A member of a consumer group as an Observable of records. It owns the positions, and looks them up after each join. It takes a
 * response only if it belongs to the current assignment and starts at the partition's next offset.
 *
 * @param monotonic milliseconds since some moment, because the wall clock may be set back
 */
export const openConsumer = (
  openMember: OpenMember,
  settings: ConsumerSettings,
  events: ConsumerEvents,
  clock: SchedulerLike,
  random: () => number,
  monotonic: () => number,
): TopicConsumer => {
  const elapsed = elapsedOf(monotonic, () => clock.now())
  const restarts = new Restarts(settings.maxRestarts)
  let records: Subscriber<KafkaRecord> | undefined
  let stopped = false
  const failed = (error: unknown): void => records?.error(error)

  const reader = new GroupReader(
    { ...settings, limits: { ...fetchLimits, maxBytesPerPartition: settings.fetchMaxBytesPerPartition } },
    events,
    {
      ...{ failed, member: () => members.current, next: record => records?.next(record) },
      answered: partition => restarts.answered(partition),
    },
    { clock, elapsed, random },
  )

  const open = (crashed: (error: unknown) => void): Member => {
    const member: Member = openMember(
      {
        joining: () => reader.lost(),
        joined: join => {
          members.joined()
          restarts.joined(join.partitions)
          reader.joined(member, join)
        },
        confirmed: sentAt => reader.confirmed(sentAt),
        toFetch: partitions => reader.toFetch(partitions),
        fetched: (request, fetched) => reader.fetched(member, request, fetched),
        leaderless: partitions => reader.leaderless(partitions),
        crashed: error => {
          reader.lost()
          crashed(error)
        },
      },
      elapsed,
    )
    return member
  }

  const restarting: ConsumerEvents['restarting'] = (fault, attempt, ms) => events.restarting(fault, attempt, ms)
  const timing = { backoff: settings.backoff, clock, random }
  const members: Members = new Members(open, restarts, { restarting, failed }, timing)

  return {
    ended: reader.ended,
    records: new Observable(subscriber => {
      records = subscriber
      members.start()
    }),
    pause: () => {
      reader.delivery.paused = true
    },
    resume: () => {
      if (stopped) return
      reader.delivery.paused = false
      reader.deliver()
      members.current?.wake()
    },
    commit: positions =>
      reader.commit(positions).catch((error: unknown) => {
        throw faultOf(error)
      }),
    stop: () => {
      stopped = true
      reader.delivery.paused = true
      members.stop()
      records?.complete()
    },
    close: () => members.close(),
  }
}
