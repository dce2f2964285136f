import assert from 'node:assert/strict'
import kafkajs from 'kafkajs'
import { type FetchRequest, type Bounds, type Committable, type Fetched, type Join } from '../../src/kafka/member.ts'
import { type Member, type MemberEvents, type OpenMember } from '../../src/kafka/member.ts'

export const protocolError = (type: string): Error =>
  new kafkajs.KafkaJSProtocolError(Object.assign(new Error(`the broker says ${type}`), { type }))

export const unreachable = (): Error => new kafkajs.KafkaJSConnectionError('ECONNREFUSED', { broker: 'kafka:9092' })

/** The state of the brokers in a test. */
export class FakeGroup {
  readonly committed = new Map<number, number>()
  readonly bounds = new Map<number, Bounds | undefined>()
  /** Records that offsetAt() finds by their timestamp. */
  readonly timed: { readonly partition: number; readonly offset: number; readonly time: number }[] = []
  /** Requests to members, and commits, in order. */
  readonly journal: string[] = []
  /** Errors for the next calls of committed(), bounds() and commits; undefined for success. */
  readonly errors: Record<'committed' | 'bounds' | 'commit', (Error | undefined)[]> = {
    committed: [],
    bounds: [],
    commit: [],
  }
  readonly members: FakeMember[] = []

  /** Partitions from 0 upwards, with records from 0 to 100 and nothing committed. */
  constructor(partitions: number) {
    for (let partition = 0; partition < partitions; partition += 1) {
      this.committed.set(partition, -1)
      this.bounds.set(partition, { low: 0, high: 100 })
    }
  }

  readonly open: OpenMember = (events, elapsed) => {
    const member = new FakeMember(this, this.members.length + 1, events, elapsed)
    this.members.push(member)
    return member
  }

  get member(): FakeMember {
    const last = this.members.at(-1)
    assert.ok(last !== undefined, 'no member was opened')
    return last
  }

  answer<T>(to: keyof FakeGroup['errors'], answer: () => T): Promise<T> {
    const error = this.errors[to].shift()
    return error === undefined ? Promise.resolve(answer()) : Promise.reject(error)
  }
}

/** A member that the test controls. */
export class FakeMember implements Member {
  readonly events: MemberEvents
  readonly elapsed: () => number
  readonly #group: FakeGroup
  readonly #name: string

  constructor(group: FakeGroup, number: number, events: MemberEvents, elapsed: () => number) {
    this.#group = group
    this.#name = `member ${number}`
    this.events = events
    this.elapsed = elapsed
  }

  start(): void {
    this.#note('starts')
  }

  committed(): Promise<ReadonlyMap<number, number>> {
    return this.#group.answer('committed', () => new Map(this.#group.committed))
  }

  bounds(partition: number): Promise<Bounds | undefined> {
    return this.#group.answer('bounds', () => this.#group.bounds.get(partition))
  }

  offsetAt(partition: number, time: number): Promise<number | undefined> {
    const isLater = (record: FakeGroup['timed'][number]): boolean =>
      record.partition === partition && record.time >= time
    return Promise.resolve(this.#group.timed.find(isLater)?.offset)
  }

  heartbeat(): void {
    this.#note('heartbeat')
  }

  wake(): void {
    // Wakes are many, and nothing here sleeps.
  }

  leave(): Promise<void> {
    this.#note('leaves')
    return Promise.resolve()
  }

  // These methods are for the test.

  join(partitions: readonly number[], isLeader = true): Join {
    const join: Join = {
      partitions,
      isLeader,
      sentAt: this.elapsed(),
      commit: positions =>
        this.#group.answer('commit', () => {
          this.#note(`commits ${shown(positions)}`)
          for (const { partition, offset } of positions) this.#group.committed.set(partition, offset)
        }),
    }
    this.events.joining()
    this.events.joined(join)
    return join
  }

  ask(led: readonly number[]): FetchRequest {
    const ask = this.events.toFetch(led)
    assert.ok(ask !== undefined, 'there is nothing to fetch')
    return ask
  }

  /** Requests a fetch, and answers with these. */
  fetch(...fetched: readonly Fetched[]): void {
    this.events.fetched(this.ask(fetched.map(({ partition }) => partition)), fetched)
  }

  #note(what: string): void {
    this.#group.journal.push(`${this.#name} ${what}`)
  }
}

const shown = (positions: readonly Committable[]): string =>
  positions.map(({ partition, offset }) => `${partition}:${offset}`).join(' ')
