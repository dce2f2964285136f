import kafkajs from 'kafkajs'
import { type FetchedMessage, type Taken } from '../src/kafka/fetch/fetched.ts'
import { type FetchRequest, type Bounds, type Fetched, type Member, type MemberEvents } from '../src/kafka/member.ts'
import { type Random } from '../rig/load/random.ts'
import { FakeBatches } from './kafka/batches.ts'
import { type SteppedTime } from './stepped-time.ts'

const protocolError = (type: string): Error =>
  new kafkajs.KafkaJSProtocolError(Object.assign(new Error(`the broker says ${type}`), { type }))

const closed = (): Error => new kafkajs.KafkaJSConnectionError('Closed connection', { broker: 'kafka:9092' })

export const sessionTimeoutMs = 60
const heartbeatMs = 10
const notLeader = 6
const offsetOutOfRange = 1

/** A record batch of the log, with the offsets from `from` up to, but not including, `to`. Control records have no message. */
export interface LogBatch {
  readonly from: number
  readonly to: number
  readonly messages: readonly FetchedMessage[]
}

/** How often things go wrong, in a thousand opportunities each. */
export interface Troubles {
  readonly rejoin: number
  readonly crash: number
  readonly lost: number
  readonly forgotten: number
  readonly suspended: number
  readonly undecodable: number
}

/** The life of one process in the group. It ends with the process, even while requests are pending. */
export interface Life {
  readonly troubles: Troubles
  ended: boolean
}

/** The coordinator of a group with one topic, and the leaders of its partitions. */
export class SimulatedGroup {
  readonly committed: number[]
  readonly clock: SteppedTime
  readonly random: Random
  readonly logs: readonly (readonly LogBatch[])[]
  /** How often each thing happened: a schedule without a thing proves nothing about it. */
  readonly seen = new Map<string, number>()
  readonly #whileAway: () => void
  readonly #check: () => void
  #generation = 0
  #member: SimulatedMember | undefined
  #heardAt = 0

  /**
   * @param whileAway is called when another worker may have the partitions
   * @param check is called after each commit
   */
  constructor(
    clock: SteppedTime,
    random: Random,
    logs: readonly (readonly LogBatch[])[],
    whileAway: () => void,
    check: () => void,
  ) {
    this.clock = clock
    this.random = random
    this.logs = logs
    this.committed = logs.map(() => -1)
    this.#whileAway = whileAway
    this.#check = check
  }

  open(life: Life, events: MemberEvents, elapsed: () => number): Member {
    return new SimulatedMember(this, life, events, elapsed)
  }

  see(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1)
  }

  endOf(partition: number): number {
    return this.logs[partition]?.at(-1)?.to ?? 0
  }

  // A member's requests to the coordinator.

  leave(member: SimulatedMember): void {
    if (this.#member !== member) return
    this.#member = undefined
    this.#whileAway()
  }

  /** Handles a join request. Between this and the sync, another worker may have continued. */
  joining(member: SimulatedMember): void {
    this.#member = member
    this.#heard()
    this.#generation += 1
    this.#whileAway()
  }

  get generation(): number {
    return this.#generation
  }

  heartbeat(member: SimulatedMember): boolean {
    if (this.#member !== member) return false
    this.#heard()
    return true
  }

  forget(): void {
    this.#member = undefined
  }

  commit(
    member: SimulatedMember,
    generation: number,
    positions: readonly { partition: number; offset: number }[],
  ): void {
    if (this.#member !== member) throw protocolError('UNKNOWN_MEMBER_ID')
    if (generation !== this.#generation) throw protocolError('ILLEGAL_GENERATION')
    this.#heard()
    for (const { partition, offset } of positions) this.committed[partition] = offset
    this.#check()
  }

  #heard(): void {
    this.#heardAt = this.clock.now()
    this.clock.schedule(() => this.#expire(), sessionTimeoutMs)
  }

  #expire(): void {
    if (this.#member === undefined || this.clock.now() - this.#heardAt < sessionTimeoutMs) return
    this.see('session expired')
    this.#member = undefined
    this.#whileAway()
  }
}

/** One member in virtual time. Everything takes a random time and fails at random. */
class SimulatedMember implements Member {
  readonly #group: SimulatedGroup
  readonly #life: Life
  readonly #events: MemberEvents
  readonly #elapsed: () => number
  #state: 'new' | 'joining' | 'joined' | 'gone' = 'new'
  #generation = -1
  #askedAt = -Infinity
  #heartbeatDue = false
  #rejoinDue = false
  #wakeUpAt = 0
  #isReading = false

  constructor(group: SimulatedGroup, life: Life, events: MemberEvents, elapsed: () => number) {
    this.#group = group
    this.#life = life
    this.#events = events
    this.#elapsed = elapsed
  }

  start(): void {
    if (this.#life.ended) return
    this.#after(1, 5, () => {
      if (!this.#crashes('crash before the join', 3)) this.#join()
    })
  }

  committed(): Promise<ReadonlyMap<number, number>> {
    return this.#asked(() => new Map(this.#group.committed.entries()))
  }

  bounds(partition: number): Promise<Bounds | undefined> {
    return this.#asked(() => {
      if (this.#chance(this.#life.troubles.lost / 2)) {
        this.#group.see('no leader')
        return undefined
      }
      return { low: 0, high: this.#group.endOf(partition) }
    })
  }

  offsetAt(): Promise<never> {
    throw new Error('the group starts at the earliest offset: nothing is pinned to a time')
  }

  heartbeat(): void {
    this.#group.see('unconfirmed')
    this.#heartbeatDue = true
  }

  wake(): void {
    // It looks again every millisecond anyway.
  }

  leave(): Promise<void> {
    const wasGone = this.#isOver
    this.#state = 'gone'
    if (!wasGone) this.#group.leave(this)
    return Promise.resolve()
  }

  get #isOver(): boolean {
    return this.#state === 'gone' || this.#life.ended
  }

  #chance(ofThousand: number): boolean {
    return this.#group.random.below(1000) < ofThousand
  }

  /** Runs `act` if the member is still alive; later, if its process is suspended meanwhile. */
  #after(leastMs: number, mostMs: number, act: () => void): void {
    const { clock, random } = this.#group
    const run = (): void => {
      if (this.#isOver) return
      const left = this.#wakeUpAt - clock.now()
      if (left > 0) clock.schedule(run, left)
      else act()
    }
    clock.schedule(run, leastMs + random.below(mostMs - leastMs + 1))
  }

  /** A response arrives even if the member has crashed meanwhile, but not if the process has ended. */
  #asked<T>(answer: () => T): Promise<T> {
    const { clock, random } = this.#group
    return new Promise((resolve, reject) => {
      clock.schedule(
        () => {
          if (this.#life.ended) return
          if (this.#chance(this.#life.troubles.lost)) reject(closed())
          else resolve(answer())
        },
        1 + random.below(4),
      )
    })
  }

  #crashes(what: string, times = 1): boolean {
    if (!this.#chance(this.#life.troubles.crash * times)) return false
    this.#group.see(what)
    this.#state = 'gone'
    this.#events.crashed(this.#chance(500) ? closed() : protocolError('UNKNOWN_MEMBER_ID'))
    return true
  }

  #join(): void {
    if (this.#state === 'joined') this.#group.see('re-join')
    this.#state = 'joining'
    this.#rejoinDue = false
    this.#events.joining()
    this.#after(1, 3, () => {
      this.#group.joining(this)
      const sentAt = this.#elapsed()
      this.#after(1, 6, () => {
        if (this.#crashes('crash during a join')) return
        if (!this.#group.heartbeat(this)) {
          this.#join()
          return
        }
        this.#joined(sentAt)
        if (this.#isReading) return
        this.#isReading = true
        this.#tick()
        for (const led of [[0], [1, 2]]) this.#fetch(led)
      })
    })
  }

  #joined(sentAt: number): void {
    this.#state = 'joined'
    const { generation } = this.#group
    this.#generation = generation
    this.#askedAt = sentAt
    this.#events.joined({
      partitions: [...this.#group.committed.keys()],
      isLeader: true,
      sentAt,
      commit: positions => this.#commit(generation, positions),
    })
  }

  /** Heartbeats, rejoins and crashes, once a millisecond. */
  #tick(): void {
    this.#after(1, 1, () => {
      this.#tick()
      if (this.#state !== 'joined') return
      const { troubles } = this.#life
      if (this.#crashes('crash')) return
      if (this.#rejoinDue || this.#chance(troubles.rejoin)) this.#join()
      else if (this.#heartbeatDue || this.#elapsed() - this.#askedAt >= heartbeatMs) this.#sendHeartbeat()
      if (this.#chance(troubles.suspended)) {
        this.#group.see('suspended')
        this.#wakeUpAt = this.#group.clock.now() + 20 + this.#group.random.below(200)
      }
    })
  }

  #sendHeartbeat(): void {
    const sentAt = this.#elapsed()
    this.#heartbeatDue = false
    this.#askedAt = sentAt
    const generation = this.#generation
    const { clock, random } = this.#group
    clock.schedule(() => {
      const isMember = this.#group.heartbeat(this)
      this.#after(0, 2, () => {
        if (this.#state !== 'joined' || generation !== this.#generation) return
        if (isMember) this.#events.confirmed(sentAt)
        else this.#rejoinDue = true
      })
    }, random.below(2))
  }

  /** The fetch loop of one broker. It also passes on responses that arrive after another join. */
  #fetch(led: readonly number[]): void {
    const partitions = led.filter(partition => partition < this.#group.logs.length)
    const leaderless = this.#chance(this.#life.troubles.lost / 3) ? partitions.slice(0, 1) : []
    if (this.#state === 'joined') this.#events.leaderless(leaderless)
    const ask =
      this.#state === 'joined'
        ? this.#events.toFetch(partitions.filter(partition => !leaderless.includes(partition)))
        : undefined
    if (ask === undefined) {
      this.#after(1, 2, () => this.#fetch(led))
      return
    }
    const generation = this.#generation
    this.#after(1, this.#chance(100) ? 30 : 4, () => {
      if (generation !== this.#generation) this.#group.see('stale fetch')
      this.#events.fetched(ask, this.#chance(this.#life.troubles.lost) ? [] : this.#answer(ask))
      this.#after(0, 1, () => this.#fetch(led))
    })
  }

  #answer(ask: FetchRequest): Fetched[] {
    const { random } = this.#group
    return ask.partitions.map(({ partition, fetchOffset }) => {
      const end = this.#group.endOf(partition)
      const fetched = { partition, fetchOffset, errorCode: 0, end, batches: new FakeBatches([]) }
      if (this.#chance(this.#life.troubles.lost)) {
        const errorCode = random.pick([notLeader, offsetOutOfRange])
        this.#group.see(`error ${errorCode} of a partition`)
        return { ...fetched, errorCode }
      }
      const from = this.#group.logs[partition]?.findIndex(({ to }) => to > fetchOffset) ?? -1
      if (from < 0) return fetched
      const batches = this.#group.logs[partition]?.slice(from, from + 1 + random.below(3)) ?? []
      if (batches.every(({ messages }) => messages.length === 0)) this.#group.see('control records only')
      return { ...fetched, batches: this.#decoded(batches, fetchOffset) }
    })
  }

  #decoded(batches: readonly LogBatch[], fetchOffset: number): FakeBatches {
    const taken = batches.map(({ from, to, messages }): Taken => {
      if (this.#chance(this.#life.troubles.undecodable)) {
        this.#group.see('undecodable')
        const offset = Math.max(from, fetchOffset)
        return { kind: 'undecodable', offset, lastOffset: to - 1, why: 'no codec', raw: Buffer.alloc(0) }
      }
      return { kind: 'records', messages: messages.filter(({ offset }) => offset >= fetchOffset), nextOffset: to }
    })
    const { clock, random } = this.#group
    // Mostly at once, sometimes in another thread, so that joins can happen meanwhile.
    return new FakeBatches(taken, 100, () =>
      this.#chance(700) ? Promise.resolve() : new Promise(done => void clock.schedule(() => done(), random.below(6))),
    )
  }

  /** A commit takes effect and is answered, or the request or the response is lost. */
  #commit(generation: number, positions: readonly { partition: number; offset: number }[]): Promise<void> {
    const { clock, random } = this.#group
    const { troubles } = this.#life
    const isLost = this.#chance(troubles.lost)
    return new Promise((resolve, reject) => {
      let failure: unknown = isLost ? closed() : undefined
      clock.schedule(
        () => {
          if (this.#chance(troubles.forgotten)) {
            this.#group.see('forgotten at a commit')
            this.#group.forget()
          }
          if (isLost && this.#chance(500)) return
          try {
            this.#group.commit(this, generation, positions)
          } catch (error) {
            failure = error
          }
        },
        1 + random.below(4),
      )
      clock.schedule(
        () => {
          if (this.#life.ended) return
          if (failure === undefined) resolve()
          else {
            if (!isLost && generation === this.#generation) this.#rejoinDue = true
            reject(failure instanceof Error ? failure : new Error('the request failed', { cause: failure }))
          }
        },
        5 + random.below(3),
      )
    })
  }
}
