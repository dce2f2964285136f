import { type SchedulerLike } from 'rxjs'
import { type Fault } from '../faults.ts'
import { type InFlightLedger } from '../ledger/in-flight.ts'
import { type DeadLetter } from '../operators/dead-letter.ts'
import { type FaultWatch } from '../operators/retry.ts'
import { type Position, type Settled } from '../record.ts'
import { Counts, type Step } from './counts.ts'
import { type Log } from './log.ts'

/** Who can hold back the intake while a fault is waited out. */
export interface Holdable {
  hold(): void
  letGo(): void
}

/** A step that waits out a fault: what it waits for and since when, in milliseconds. */
interface Trouble {
  readonly since: number
  message: string
  /** How many writes, or other units of this step, wait. */
  waiting: number
  attempts: number
}

/**
 * Everything worth telling: each event is one function that writes the log line and counts. A fault is said when it
 * begins, when its cause changes and when it is over, however often it is tried again between.
 */
export class Events {
  readonly counts = new Counts()
  /** Records behind the end of each assigned partition. */
  readonly lags = new Map<number, number>()
  readonly troubles = new Map<Step, Trouble>()
  /** What is in flight, once the pipeline runs. */
  inFlight: Readonly<InFlightLedger> | undefined
  pausedBecause: 'in-flight' | 'fault' | undefined
  readonly #log: Log
  readonly #floods: Log
  readonly #clock: SchedulerLike

  /** @param floods the same log, sampled: for what may come thousands of times a second */
  constructor(log: Log, floods: Log, clock: SchedulerLike) {
    this.#log = log
    this.#floods = floods
    this.#clock = clock
  }

  // The pipeline's.

  read(): void {
    this.counts.read += 1
  }

  settled(settled: Settled): void {
    this.counts.settle(settled)
  }

  deadLettered({ rejected, withoutValue }: DeadLetter): void {
    const { record, stage, reason, message } = rejected
    const { partition, offset } = record
    this.counts.deadLetters[reason] += 1
    this.#floods.warn('dead letter', { reason, stage, why: message, partition, offset })
    if (withoutValue) {
      const bytes = record.value?.length ?? 0
      this.#floods.warn('the dead letter is too large for its topic: published without its value', {
        partition,
        offset,
        bytes,
      })
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

  /** What tells of the faults of one step; nothing is read while any of them lasts. */
  watch(step: Step, intake?: Holdable): FaultWatch {
    return {
      faulted: (fault, attempt, delayMs) => {
        if (attempt === 1) intake?.hold()
        this.#faulted(step, fault, attempt, delayMs)
      },
      over: () => {
        this.#over(step)
        intake?.letGo()
      },
    }
  }

  // The consumer's.

  assigned(assignment: number, partitions: readonly number[]): void {
    this.lags.clear()
    const consume = this.troubles.get('consume')
    if (consume !== undefined) this.#over('consume')
    this.#log.info('partitions are assigned', { assignment, partitions: partitions.join(',') || 'none' })
  }

  outOfRange(
    partition: number,
    { offset, outOfRange }: { offset: number; outOfRange?: { committed: number; skipped: number | undefined } },
  ): void {
    this.counts.skippedByRetention += outOfRange?.skipped ?? 0
    this.#log.error('the committed offset is not in the topic any more: reading from the start of what is left', {
      partition,
      committed: outOfRange?.committed,
      from: offset,
      skipped: outOfRange?.skipped ?? 'unknown: the topic was made anew',
    })
  }

  lag(partition: number, lag: number): void {
    this.lags.set(partition, lag)
  }

  restarting(fault: Fault, attempt: number, delayMs: number): void {
    this.#faulted('consume', fault, this.troubles.has('consume') ? attempt + 1 : 1, delayMs)
  }

  clientLogged(message: string, facts: Record<string, unknown>): void {
    this.#floods.debug(`kafka client: ${message}`, facts)
  }

  // The process's.

  started(facts: Record<string, unknown>): void {
    this.#log.info('starting', facts)
  }

  ready(): void {
    this.#log.info('Kafka and Cassandra are ready: joining the group')
  }

  stopping(signal: string): void {
    this.#log.info('stopping: what is in flight is finished', { signal, inFlight: this.inFlight?.records ?? 0 })
  }

  stopped(): void {
    this.#log.info('stopped', { ...this.#totals() })
  }

  undrained(timeoutMs: number): void {
    this.#log.error('not all in flight was finished in time; its offsets are not committed, it will be read again', {
      timeoutMs,
      inFlight: this.inFlight?.records ?? 0,
      waitingFor: [...this.troubles.values()].map(({ message }) => message).join('; ') || 'writes under way',
    })
  }

  crashed(error: unknown): void {
    this.#log.error('the worker cannot go on', { error })
  }

  rates(since: Totals, seconds: number): Totals {
    const totals = this.#totals()
    const rate = (key: keyof Totals) => Math.round((totals[key] - since[key]) / seconds)
    this.#log.info('rates', {
      readPerSecond: rate('read'),
      writtenPerSecond: rate('written'),
      supersededPerSecond: rate('superseded'),
      deadLetteredPerSecond: rate('deadLettered'),
      inFlight: this.inFlight?.records ?? 0,
      inFlightBytes: this.inFlight?.bytes ?? 0,
      lag: [...this.lags.values()].reduce((sum, lag) => sum + lag, 0),
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
    this.counts.retries[step] += 1
    const known = this.troubles.get(step)
    const trouble = known ?? { since: this.#clock.now(), message: '', waiting: 0, attempts: 0 }
    if (attempt === 1) trouble.waiting += 1
    trouble.attempts += 1
    this.troubles.set(step, trouble)
    if (trouble.message === fault.message) return
    trouble.message = fault.message
    const facts = { step, kind: fault.kind, why: fault.message, nextTryInMs: delayMs }
    if (fault.kind === 'misconfigured') this.#log.error('something is to be mended; reading waits', facts)
    else this.#log.warn('waiting for a fault to pass; reading waits', facts)
  }

  #over(step: Step): void {
    const trouble = this.troubles.get(step)
    if (trouble === undefined) return
    trouble.waiting -= 1
    if (trouble.waiting > 0) return
    this.troubles.delete(step)
    const seconds = Math.round((this.#clock.now() - trouble.since) / 1000)
    this.#log.info('the fault is over', { step, seconds, attempts: trouble.attempts })
  }
}

/** Records by how they ended, since the start. */
export interface Totals {
  readonly read: number
  readonly written: number
  readonly superseded: number
  readonly deadLettered: number
}
