import { type SchedulerLike } from 'rxjs'
import { type Fault } from '../model/faults.ts'
import { type InFlight } from '../ledger/in-flight.ts'
import { type DeadLetter, partSize } from '../operators/letter-forms.ts'
import { type FaultWatch } from '../operators/retry.ts'
import { type Position, type Settled, type Stage } from '../model/record.ts'
import { type Reason } from '../stream/invalid-event.ts'
import { type Step } from '../model/step.ts'
import { Counts, type TimedStep } from './metrics/counts.ts'
import { type Lines } from './log/log.ts'
import { Partitions } from './partitions.ts'
import { Troubles } from './health/troubles.ts'

/** The phase of a worker. */
export type Phase = 'starting' | 'joining' | 'running' | 'stopping'

/** A dead letter without its content. */
export interface DeadLetterNote {
  readonly reason: Reason
  readonly stage: Stage
  readonly partition: number
  readonly offset: number
  /** When it was published, in milliseconds since 1970. */
  readonly time: number
}

const notedDeadLetters = 20

/** One of this number of calls is timed. */
const timedShare = 64

/**
 * Everything that is logged and counted: one method for each event. A fault is logged when it begins, when its cause changes
 * and when it is over, but not for every retry.
 */
export class Events {
  readonly counts = new Counts()
  readonly partitions = new Partitions()
  /** The latest dead letters, newest first. */
  readonly deadLetters: DeadLetterNote[] = []
  phase: Phase = 'starting'
  readonly troubles = new Troubles()
  readonly inFlight: InFlight
  /** Addresses of Cassandra nodes that do not answer in time. */
  readonly slowNodes = new Set<string>()
  pausedBecause: 'in-flight' | 'fault' | undefined
  readonly #log: Lines
  readonly #floods: Lines
  readonly #clock: SchedulerLike
  readonly #stopwatch: () => number

  /**
   * @param floods the same log, sampled, for events that may happen thousands of times a second
   * @param inFlight the records in flight, which the pipeline counts
   * @param stopwatch milliseconds since some moment, with fractions
   */
  constructor(
    log: Lines,
    floods: Lines,
    clock: SchedulerLike,
    inFlight: InFlight,
    stopwatch = (): number => performance.now(),
  ) {
    this.inFlight = inFlight
    this.#log = log
    this.#floods = floods
    this.#clock = clock
    this.#stopwatch = stopwatch
  }

  /** Why reading is paused; undefined if it is not. */
  get heldBack(): 'in-flight' | 'fault' | undefined {
    if (this.pausedBecause === undefined) return undefined
    return this.troubles.size > 0 ? 'fault' : this.pausedBecause
  }

  // Events of the pipeline.

  read(): void {
    this.counts.read += 1
  }

  settled(settled: Settled): void {
    this.counts.settle(settled, this.#clock.now())
  }

  deadLettered({ rejected, without }: DeadLetter): void {
    const { record, stage, reason, message } = rejected
    const { partition, offset } = record
    this.counts.deadLetters[reason] += 1
    this.deadLetters.unshift({ reason, stage, partition, offset, time: this.#clock.now() })
    if (this.deadLetters.length > notedDeadLetters) this.deadLetters.pop()
    this.#floods.warn('dead letter', { reason, stage, why: message, partition, offset })
    if (without.length > 0) {
      this.#floods.warn('the dead letter is too large for its topic: published without part of the message', {
        partition,
        offset,
        without: without.join(','),
        bytes: without.reduce((sum, part) => sum + partSize(record, part), 0),
      })
    }
  }

  /** The same function, with some of its calls timed. */
  timed<A, R>(step: TimedStep, work: (input: A) => R): (input: A) => R {
    const histogram = this.counts.stepSeconds[step]
    let calls = 0
    return input => {
      calls += 1
      if (calls % timedShare !== 1) return work(input)
      const begin = this.#stopwatch()
      const result = work(input)
      histogram.observe((this.#stopwatch() - begin) / 1000)
      return result
    }
  }

  /** A write of this number of rows starts. Call the returned function when it is done. */
  writing(rows: number): () => void {
    const begin = this.#stopwatch()
    return () => {
      this.counts.batchRows.observe(rows)
      this.counts.writeSeconds.observe((this.#stopwatch() - begin) / 1000)
    }
  }

  committed(positions: readonly Position[]): void {
    this.counts.commits += 1
    this.#log.debug('committed', {
      positions: positions.map(({ partition, offset }) => `${partition}:${offset}`).join(' '),
    })
  }

  paused(because: 'in-flight' | 'fault'): void {
    this.counts.pauses += 1
    this.pausedBecause = because
    this.#log.debug('reading is paused', { because })
  }

  resumed(): void {
    this.pausedBecause = undefined
    this.#log.debug('reading is resumed')
  }

  /** Logs and counts the faults of one step. */
  watch(step: Step): FaultWatch {
    return {
      faulted: (fault, attempt, delayMs) => this.#faulted(step, fault, attempt, delayMs),
      over: () => this.#over(step),
    }
  }

  // Events of the consumer.

  assigned(assignment: number, partitions: readonly number[]): void {
    this.counts.rebalances += 1
    this.partitions.assigned(partitions)
    if (this.phase === 'joining') this.phase = 'running'
    this.#over('consume')
    this.#log.info('partitions are assigned', { assignment, partitions: partitions.join(',') || 'none' })
  }

  outOfRange(
    partition: number,
    { offset, outOfRange }: { offset: number; outOfRange?: { committed: number; skipped: number | undefined } },
  ): void {
    this.counts.skippedByRetention += outOfRange?.skipped ?? 0
    this.#log.error('the committed offset is no longer in the topic: reading from the earliest offset', {
      partition,
      committed: outOfRange?.committed,
      from: offset,
      skipped: outOfRange?.skipped ?? 'unknown: the topic was recreated',
    })
  }

  reached(partition: number, position: number, end: number): void {
    this.partitions.reached(partition, position, end)
  }

  waits(partition: number, offset: number, why: string): void {
    this.partitions.waits(partition, offset, why)
    this.#log.warn('a partition waits; the others continue', { partition, offset, why })
  }

  goesOn(partition: number): void {
    this.partitions.goesOn(partition)
    this.#log.info('the partition continues', { partition })
  }

  restarting(fault: Fault, attempt: number, delayMs: number): void {
    this.counts.restarts += 1
    this.phase = 'joining'
    this.#faulted('consume', fault, this.troubles.has('consume') ? attempt + 1 : 1, delayMs)
  }

  clientLogged(message: string, facts: Record<string, unknown>): void {
    this.#floods.debug(`kafka client: ${message}`, facts)
  }

  // Events of the Cassandra client.

  slow(address: string): void {
    this.slowNodes.add(address)
    this.#log.warn('a Cassandra node answers too slowly: writes go to the other nodes first', { node: address })
  }

  recovered(address: string): void {
    this.slowNodes.delete(address)
    this.#log.info('the Cassandra node answers in time again', { node: address })
  }

  gone(address: string): void {
    this.slowNodes.delete(address)
    this.#log.info('the slow Cassandra node is down or has left the cluster', { node: address })
  }

  // Events of the process.

  started(facts: Record<string, unknown>): void {
    this.#log.info('starting', facts)
  }

  ready(): void {
    this.phase = 'joining'
    this.#log.info('Kafka and Cassandra are ready: joining the group')
  }

  listening(url: string): void {
    this.#log.info('serving metrics, probes and the page', { url })
  }

  stopping(signal: string): void {
    this.phase = 'stopping'
    this.#log.info('stopping: finishing the records in flight', { signal, inFlight: this.inFlight.records })
  }

  stopped(): void {
    this.#log.info('stopped', { ...this.#totals() })
  }

  undrained(timeoutMs: number): void {
    this.#log.error(
      'stopped before all records in flight were settled: their offsets are not committed, they will be read again',
      {
        timeoutMs,
        inFlight: this.inFlight.records,
        waitingFor: [...this.troubles.values()].map(({ message }) => message).join('; ') || 'writes under way',
      },
    )
  }

  crashed(error: unknown): void {
    this.#log.error('the worker cannot continue', { error })
  }

  /** Logs nothing if there was no activity and nothing waits. */
  rates(since: Totals, seconds: number): Totals {
    const totals = this.#totals()
    const { lag } = this.partitions
    const moved = (Object.keys(totals) as (keyof Totals)[]).some(key => totals[key] !== since[key])
    if (!moved && this.inFlight.records === 0 && lag === 0) return totals
    const rate = (key: keyof Totals) => Math.round((totals[key] - since[key]) / seconds)
    this.#log.info('rates', {
      readPerSecond: rate('read'),
      writtenPerSecond: rate('written'),
      supersededPerSecond: rate('superseded'),
      deadLetteredPerSecond: rate('deadLettered'),
      inFlight: this.inFlight.records,
      inFlightBytes: this.inFlight.bytes,
      lag,
      ...(this.pausedBecause === undefined ? {} : { paused: this.pausedBecause }),
    })
    return totals
  }

  totals(): Totals {
    return this.#totals()
  }

  #totals(): Totals {
    const { read, settled } = this.counts
    return { read, written: settled.written, superseded: settled.superseded, deadLettered: settled['dead-lettered'] }
  }

  #faulted(step: Step, fault: Fault, attempt: number, delayMs: number): void {
    const { kind, message } = fault
    this.counts.retries[step][kind] += 1
    if (!this.troubles.faulted(step, fault, attempt, delayMs, this.#clock.now())) return
    const facts = { step, kind, why: message, nextTryInMs: delayMs }
    // Reading continues while a refused row waits for evidence.
    const isRead = step === 'write' && this.pausedBecause === undefined
    if (kind === 'misconfigured' && isRead) this.#log.error('needs attention: a refused row waits', facts)
    else if (kind === 'misconfigured') {
      this.#log.error('needs attention: reading is paused until this is fixed', facts)
    } else this.#log.warn('reading is paused: waiting for a fault to pass', facts)
  }

  #over(step: Step): void {
    const ended = this.troubles.over(step)
    if (ended === undefined) return
    const seconds = Math.round((this.#clock.now() - ended.since) / 1000)
    this.#log.info('the fault is over', { step, seconds, attempts: ended.attempts })
  }
}

/** Records by outcome, since the start. */
export interface Totals {
  readonly read: number
  readonly written: number
  readonly superseded: number
  readonly deadLettered: number
}
