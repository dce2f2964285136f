import { Observable, type SchedulerLike } from 'rxjs'
import { type FetchedMessage } from '../src/kafka/fetch/fetched.ts'
import { type Member, type MemberEvents } from '../src/kafka/member.ts'
import { Fault, InvalidRequest } from '../src/model/faults.ts'
import { type Accepted, type KafkaRecord } from '../src/model/record.ts'
import { type DeadLetter } from '../src/operators/letter-forms.ts'
import { type Random } from '../rig/load/random.ts'
import { message } from './kafka/batches.ts'
import { type Life, type LogBatch, SimulatedGroup, type Troubles } from './simulated-group.ts'
import { SteppedTime } from './stepped-time.ts'

type Kind = 'full' | 'part' | 'gone' | 'broken' | 'poison'

/** The row that a record changes and how, or why it becomes a dead letter. */
interface Content {
  readonly row: string
  readonly kind: Kind
  readonly columns: readonly string[]
  /** The names of these columns' cells. */
  readonly cells: readonly string[]
}

interface Cell {
  readonly writeTimestamp: number
  readonly offset: number
}

const partitions = [0, 1] as const
const kinds = ['full', 'full', 'full', 'part', 'part', 'gone', 'broken', 'poison'] as const

const contentOf = (partition: number, row: string, kind: Kind): Content => {
  const columns = kind === 'part' ? ['a'] : ['a', 'b']
  return { row, kind, columns, cells: columns.map(column => `${partition} ${row} ${column}`) }
}

/**
 * A topic of two partitions, a consumer group and a table in virtual time. Every request takes a random time, and may fail
 * before or after it takes effect. It takes effect even if nobody waits for the response any more. `check` runs after each
 * step: no committed offset may pass a record unless its row, or a newer version, is in the table.
 */
export class Simulation {
  readonly clock = new SteppedTime()
  readonly group: SimulatedGroup
  readonly #topic: (Content | undefined)[][]
  readonly #logs: LogBatch[][]
  /** The last offset of each partition at the start. */
  readonly #atFirst: number[]
  readonly #cells = new Map<string, Cell>()
  readonly #published = new Set<Content>()
  readonly #random: Random
  readonly #others: boolean
  #failure: unknown
  #latestSkewMs = 0

  /** @param others whether another worker takes over while this one is away */
  constructor(random: Random, records: number, others: boolean) {
    this.#random = random
    this.#others = others
    this.#topic = partitions.map(() => [])
    const logs = partitions.map(partition => this.#log(partition, records))
    this.#logs = logs
    this.#atFirst = this.#topic.map(topic => topic.findLastIndex(Boolean))
    this.group = new SimulatedGroup(
      this.clock,
      random,
      logs,
      () => this.#otherWorker(),
      () => this.check(),
    )
  }

  /** Starts a process. Its clock is not behind earlier ones that assigned write timestamps: no worker could correct that. */
  begin(): SchedulerLike {
    this.#latestSkewMs = Math.max(this.#latestSkewMs, this.clock.skewMs)
    this.clock.skewMs = this.#latestSkewMs
    return this.clock.wall
  }

  /**
   * Sets the wall clock ahead or back, by an hour or a little. Not back before the process has read from all partitions,
   * because then its write timestamps would be earlier than those of the process before it.
   */
  setClock(read: ReadonlySet<number>): void {
    const back = read.size === partitions.length ? [-3_600_000, -20] : []
    const stepMs = this.#random.pick([...back, 20, 3_600_000])
    this.group.see(stepMs < 0 ? 'clock set back' : 'clock set ahead')
    this.clock.skewMs += stepMs
    this.#latestSkewMs = Math.max(this.#latestSkewMs, this.clock.skewMs)
  }

  openMember(life: Life): (events: MemberEvents, elapsed: () => number) => Member {
    return (events, elapsed) => this.group.open(life, events, elapsed)
  }

  /** Refuses all rows if one is poison, and then writes none of them. */
  write(changes: readonly Accepted[]): Observable<void> {
    const refused = changes.some(({ record }) => this.#contentOf(record)?.kind === 'poison')
    if (refused) return this.#sent(() => new InvalidRequest('poison'))
    return this.#sent(() => {
      for (const { record, writeTimestamp } of changes) this.#apply(record, writeTimestamp)
      return undefined
    }, 60)
  }

  /** Every third dead letter is too large to be published with its value. */
  publish(letters: readonly DeadLetter[]): Observable<void> {
    const tooLarge = letters.some(({ rejected, without }) => without.length === 0 && rejected.record.offset % 3 === 0)
    if (tooLarge) return this.#sent(() => new InvalidRequest('too large'))
    return this.#sent(() => {
      for (const { rejected } of letters) {
        const content = this.#contentOf(rejected.record)
        if (content !== undefined) this.#published.add(content)
      }
      return undefined
    })
  }

  /** Ends the simulation with the error of a process that should have continued. */
  fail(error: unknown): void {
    this.#failure ??= error
  }

  /** Runs until the condition holds, for at most `longestMs`. */
  async until(done: () => boolean, longestMs: number): Promise<void> {
    await this.clock.until(() => this.#failure !== undefined || done(), this.clock.now() + longestMs)
    if (this.#failure !== undefined) throw this.#failure as Error
    if (!done()) throw new Error(`no progress: committed ${this.group.committed.join(' and ')} only`)
  }

  /** Fails with the first record that a committed offset has passed although it is not done. */
  check(): void {
    try {
      for (const partition of partitions) {
        const committed = this.group.committed[partition] ?? 0
        for (let offset = 0; offset < committed; offset += 1) this.#checkDone(partition, offset)
      }
    } catch (error) {
      this.fail(error)
    }
  }

  /** Whether all initial records are committed. A refused row waits until others are accepted after it. */
  get isCommitted(): boolean {
    return partitions.every(partition => (this.group.committed[partition] ?? 0) > (this.#atFirst[partition] ?? 0))
  }

  /** Publishes one more good row, which is the evidence that refused rows wait for. */
  publishMore(): void {
    const partition = this.#random.pick(partitions)
    const topic = this.#topic[partition] ?? []
    const content = contentOf(partition, 'r0', 'full')
    const offset = topic.push(content) - 1
    this.#logs[partition]?.push({ from: offset, to: offset + 1, messages: [messageOf(partition, offset, content)] })
  }

  #log(partition: number, records: number): LogBatch[] {
    const random = this.#random
    const topic = this.#topic[partition] ?? []
    const batches: LogBatch[] = []
    while (topic.length < records) {
      const from = topic.length
      const isControl = random.below(5) === 0
      for (let count = 1 + random.below(isControl ? 2 : 7); count > 0; count -= 1) {
        // Compaction removed one in ten.
        const isGone = isControl || random.below(10) === 0
        topic.push(isGone ? undefined : contentOf(partition, `r${random.below(3)}`, random.pick(kinds)))
      }
      const messages = [...topic.entries()].slice(from).flatMap(([offset, content]) => {
        return content === undefined ? [] : [messageOf(partition, offset, content)]
      })
      batches.push({ from, to: topic.length, messages })
    }
    return batches
  }

  #checkDone(partition: number, offset: number): void {
    const content = this.#topic[partition]?.[offset]
    if (content === undefined) return
    if (this.#published.has(content)) return
    const where = (): string =>
      `${partition}:${offset} at ${this.clock.now()} ms, committed ${this.group.committed.join(' and ')}`
    if (content.kind === 'broken') throw new Error(`no dead letter of ${where()}`)
    // A poison row that a later version superseded was never tried.
    for (const name of content.cells) {
      const cell = this.#cells.get(name)
      if (cell === undefined || cell.offset < offset) {
        throw new Error(`cell ${name} is from ${cell?.offset ?? 'nowhere'}, should be from ${where()}`)
      }
    }
  }

  #contentOf({ partition, offset }: Pick<KafkaRecord, 'partition' | 'offset'>): Content | undefined {
    return this.#topic[partition]?.[offset]
  }

  #apply(record: Pick<KafkaRecord, 'partition' | 'offset'>, writeTimestamp: number): void {
    const content = this.#contentOf(record)
    if (content === undefined) return
    for (const name of content.cells) {
      if ((this.#cells.get(name)?.writeTimestamp ?? -1) < writeTimestamp) {
        this.#cells.set(name, { writeTimestamp, offset: record.offset })
      }
    }
  }

  /** Reads from the committed offsets, writes everything and commits some of it, all at this moment. */
  #otherWorker(): void {
    if (!this.#others || this.#random.below(2) === 0) return
    for (const partition of partitions) {
      const topic = this.#topic[partition] ?? []
      const from = Math.max(0, this.group.committed[partition] ?? 0)
      const to = Math.min(topic.length, from + this.#random.below(8))
      if (to === from) continue
      this.group.see('another worker')
      for (let offset = from; offset < to; offset += 1) {
        const content = topic[offset]
        if (content?.kind === 'broken' || content?.kind === 'poison') this.#published.add(content)
        else this.#apply({ partition, offset }, this.clock.wall.now() * 1000 + offset)
      }
      if (this.#random.below(4) > 0) this.group.committed[partition] = to
    }
    this.check()
  }

  /** A request. It takes effect and is answered, or the request or the response is lost, or it takes effect up to `lateMs` late. */
  #sent(effect: () => Error | undefined, lateMs = 0): Observable<void> {
    return new Observable<void>(subscriber => {
      const [arriveMs, answerMs] = [1 + this.#random.below(5), this.#random.below(3)]
      const isLate = lateMs > 0 && this.#random.below(10) === 0
      const isLost = this.#random.below(10) === 0
      let outcome: Error | undefined
      // Independent of the subscription, because a request that was sent arrives even after a crash.
      const arrive = (): void => {
        outcome = effect()
        this.check()
      }
      const answer = (): void => {
        if (isLost || isLate) subscriber.error(new Fault('transient', 'no answer'))
        else if (outcome === undefined) subscriber.complete()
        else subscriber.error(outcome)
      }
      if (!isLost || this.#random.below(2) === 0) this.clock.schedule(arrive, arriveMs + (isLate ? lateMs : 0))
      this.clock.schedule(answer, arriveMs + answerMs)
    })
  }
}

const messageOf = (partition: number, offset: number, content: Content): FetchedMessage => {
  if (content.kind === 'broken') return message(offset, { value: Buffer.from('{') })
  const set = Object.fromEntries(content.columns.map(column => [column, `${offset}`]))
  const event = { p: `P${partition}`, r: content.row, ...set, gone: content.kind === 'gone' }
  return message(offset, { value: Buffer.from(JSON.stringify(event)) })
}

/** The troubles of a process that will crash, and of the last one. */
export const troublesOf = (isLast: boolean, suspended: boolean): Troubles =>
  isLast
    ? { rejoin: 10, crash: 2, lost: 20, forgotten: 20, suspended: suspended ? 2 : 0, undecodable: 1 }
    : { rejoin: 40, crash: 15, lost: 80, forgotten: 60, suspended: suspended ? 25 : 0, undecodable: 3 }
