import { endWith, Observable, Subject, VirtualAction, VirtualTimeScheduler } from 'rxjs'
import { Fault, InvalidRequest } from '../src/model/faults.ts'
import { WriteTimes } from '../src/ledger/write-times.ts'
import { type DeadLetter } from '../src/operators/letter-forms.ts'
import { type Accepted, type KafkaRecord, type Position } from '../src/model/record.ts'
import { type Source } from '../src/operators/source.ts'
import { type Random } from '../rig/load/random.ts'
import { eventRecord, record } from './records.ts'

/** A message of the topic: what it does to which row, or why it becomes a dead letter. */
interface Message {
  readonly row: string
  readonly kind: 'full' | 'part' | 'gone' | 'broken' | 'poison'
}

interface Cell {
  readonly writeTimestamp: number
  readonly offset: number
}

// In milliseconds; what is not committed by then never will be.
const longest = 1_000_000

const partitions = [0, 1] as const
const kinds = ['full', 'full', 'full', 'part', 'part', 'gone', 'broken', 'poison'] as const

const columnsOf = ({ kind }: Message): string[] => (kind === 'part' ? ['a'] : ['a', 'b'])

/**
 * A topic of two partitions, a consumer group and a table in virtual time. Everything takes a random time, fails at
 * random before or after it took effect, and what was sent arrives though nobody listens any more. `check` holds
 * after each step: no committed offset has passed a record whose row, or something newer, is not in the table.
 */
export class Simulation {
  readonly clock = new VirtualTimeScheduler(VirtualAction, longest)
  readonly committed = partitions.map(() => 0)
  readonly #ended = new Subject<number>()
  readonly #messages: number
  readonly #topic: Message[][]
  readonly #cells = new Map<string, Cell>()
  readonly #published = new Set<string>()
  readonly #random: Random
  // The member of the group: what it has read, in which assignment.
  #assignment = 0
  #positions: number[] = []
  #sequences: number[] = []

  constructor(random: Random, messages: number) {
    this.#random = random
    this.#messages = messages
    const message = (): Message => ({ row: `r${random.below(3)}`, kind: random.pick(kinds) })
    this.#topic = partitions.map(() => Array.from({ length: messages }, message))
  }

  /** Reads on until everything is read and what was there at first is committed; a member of its own, from what is committed. `rejoins` in how many of 100 ms. */
  source(rejoins: number): Source {
    const { clock } = this
    const writeTimes = new WriteTimes()
    let paused = false
    const records = new Observable<KafkaRecord>(subscriber => {
      this.#join()
      const turn = (): void => {
        // Not while it only waits for the decision on refused rows.
        const isBehind = this.#positions.some(position => position < this.#messages)
        if (isBehind && this.#random.below(100) < rejoins) this.#join()
        const partition = this.#random.pick(partitions)
        for (let left = this.#random.below(6); left > 0 && !paused; left -= 1) {
          const next = this.#read(partition, writeTimes)
          if (next !== undefined) subscriber.next(next)
        }
        const allRead = partitions.every(each => this.#positions[each] === this.#topic[each]?.length)
        // A refused row waits for another that is accepted.
        if (allRead && !this.#isDecided) this.#topic[partition]?.push({ row: 'r0', kind: 'full' })
        if (allRead && this.#isDecided) subscriber.complete()
        else subscriber.add(clock.schedule(turn, 1))
      }
      subscriber.add(clock.schedule(turn, 1))
    })
    const pause = (): void => void (paused = true)
    const resume = (): void => void (paused = false)
    return { records, pause, resume, commit: due => this.#commit(due), ended: this.#ended }
  }

  /** Rows of which one is poison are refused together, and nothing of them is written. */
  write(changes: readonly Accepted[]): Observable<void> {
    const refused = changes.some(({ record }) => this.#messageOf(record)?.kind === 'poison')
    if (refused) return this.#sent(() => new InvalidRequest('poison'))
    return this.#sent(() => {
      for (const change of changes) this.#apply(change)
      return undefined
    }, 60)
  }

  /** Every third message is too large to be published with its value. */
  publish(letters: readonly DeadLetter[]): Observable<void> {
    const tooLarge = letters.some(({ rejected, without }) => without.length === 0 && rejected.record.offset % 3 === 0)
    if (tooLarge) return this.#sent(() => new InvalidRequest('too large'))
    return this.#sent(() => {
      for (const { rejected } of letters) this.#published.add(`${rejected.record.partition}:${rejected.record.offset}`)
      return undefined
    })
  }

  /** Ends the simulation with what ended a process that should have gone on. */
  fail(error: unknown): void {
    this.clock.schedule(() => {
      throw error
    })
  }

  /** @throws Error naming the first record that a committed offset has passed and that is not done. */
  check(): void {
    for (const partition of partitions) {
      for (let offset = 0; offset < (this.committed[partition] ?? 0); offset += 1) this.#checkDone(partition, offset)
    }
  }

  get isCommitted(): boolean {
    return partitions.every(partition => this.committed[partition] === this.#topic[partition]?.length)
  }

  /** Whether nothing of what was there at first waits any more. */
  get #isDecided(): boolean {
    return this.committed.every(offset => offset >= this.#messages)
  }

  #checkDone(partition: number, offset: number): void {
    const message = this.#topic[partition]?.[offset]
    if (message === undefined) return
    const where = `${partition}:${offset} at ${this.clock.now()} ms, committed ${this.committed.join(' and ')}`
    if (this.#published.has(`${partition}:${offset}`)) return
    if (message.kind === 'broken') throw new Error(`no dead letter of ${where}`)
    // A poison row that a later version superseded was never tried.
    for (const column of columnsOf(message)) {
      const cell = this.#cells.get(`${partition} ${message.row} ${column}`)
      if (cell === undefined || cell.offset < offset) {
        throw new Error(`${column} of ${message.row} is from ${cell?.offset ?? 'nowhere'}, should be from ${where}`)
      }
    }
  }

  #messageOf({ partition, offset }: KafkaRecord): Message | undefined {
    return this.#topic[partition]?.[offset]
  }

  #join(): void {
    this.#ended.next(this.#assignment)
    this.#assignment += 1
    this.#positions = [...this.committed]
    this.#sequences = partitions.map(() => 0)
  }

  #read(partition: number, writeTimes: WriteTimes): KafkaRecord | undefined {
    const offset = this.#positions[partition] ?? 0
    const message = this.#topic[partition]?.[offset]
    if (message === undefined) return undefined
    this.#positions[partition] = offset + 1
    const sequence = this.#sequences[partition] ?? 0
    this.#sequences[partition] = sequence + 1
    const writeTimestamp = writeTimes.next(partition, this.clock.now())
    const over = { partition, sequence, assignment: this.#assignment, writeTimestamp }
    if (message.kind === 'broken') return record(offset, { ...over, value: Buffer.from('{') })
    const set = Object.fromEntries(columnsOf(message).map(column => [column, `${offset}`]))
    return eventRecord(offset, { p: `P${partition}`, r: message.row, ...set, gone: message.kind === 'gone' }, over)
  }

  #apply({ record, writeTimestamp }: Accepted): void {
    const message = this.#messageOf(record)
    if (message === undefined) return
    for (const column of columnsOf(message)) {
      const name = `${record.partition} ${message.row} ${column}`
      if ((this.#cells.get(name)?.writeTimestamp ?? -1) < writeTimestamp) {
        this.#cells.set(name, { writeTimestamp, offset: record.offset })
      }
    }
  }

  #commit(due: readonly Position[]): Observable<readonly Position[]> {
    const sentIn = this.#assignment
    const positions = due.filter(({ assignment }) => assignment === sentIn)
    return this.#sent(() => {
      // The broker knows the generation of the group.
      if (sentIn !== this.#assignment) return new Fault('transient', 'rebalance in progress')
      for (const { partition, offset } of positions) this.committed[partition] = offset
      return undefined
    }).pipe(endWith(positions)) as Observable<readonly Position[]>
  }

  /** A request: it takes effect and is answered, or one of the two is lost, or it takes effect up to `lateMs` later. */
  #sent(effect: () => Error | undefined, lateMs = 0): Observable<void> {
    return new Observable<void>(subscriber => {
      const [arriveMs, answerMs] = [1 + this.#random.below(5), this.#random.below(3)]
      const isLate = lateMs > 0 && this.#random.below(10) === 0
      const isLost = this.#random.below(10) === 0
      let outcome: Error | undefined
      // Not on the subscription: a request that was sent arrives also after a crash.
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
