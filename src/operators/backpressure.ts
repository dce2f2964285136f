import { type MonoTypeOperatorFunction, tap } from 'rxjs'
import { decideIntake, type InFlight, type InFlightLedger } from '../ledger/in-flight.ts'
import { type KafkaRecord, type Settled } from '../model/record.ts'
import { type FaultWatch } from './retry.ts'

/** A source that can be paused, with all its partitions at once. */
export interface Pausable {
  pause(): void
  resume(): void
}

/** Notified of records that come in and go out, and of pauses. */
export interface IntakeWatch {
  read(record: KafkaRecord): void
  settled(settled: Settled): void
  paused(because: 'in-flight' | 'fault'): void
  resumed(): void
}

/**
 * Backpressure. Records count as in flight from `admit` to `release`. Reading pauses at the limit and resumes at half of it.
 * It also pauses while a step waits for a fault to pass.
 */
export class Intake {
  readonly #source: Pausable
  readonly #inFlight: InFlightLedger
  readonly #bound: InFlight
  readonly #watch: IntakeWatch
  #holders = 0
  #paused = false

  /** @param inFlight only the intake changes it */
  constructor(source: Pausable, inFlight: InFlightLedger, bound: InFlight, watch: IntakeWatch) {
    this.#source = source
    this.#inFlight = inFlight
    this.#bound = bound
    this.#watch = watch
  }

  get paused(): boolean {
    return this.#paused
  }

  admit(): MonoTypeOperatorFunction<KafkaRecord> {
    return tap(record => {
      this.#inFlight.add(record)
      this.#watch.read(record)
      this.#decide()
    })
  }

  release(): MonoTypeOperatorFunction<Settled> {
    return tap(settled => {
      this.#inFlight.remove(settled.records)
      this.#watch.settled(settled)
      this.#decide()
    })
  }

  /** Pauses reading until `letGo` has been called as often as `hold`. */
  hold(): void {
    this.#holders += 1
    this.#decide()
  }

  letGo(): void {
    this.#holders -= 1
    this.#decide()
  }

  /** The same watch, which also pauses reading from a step's first fault until the step ends. */
  holding(watch: FaultWatch): FaultWatch {
    return {
      faulted: (fault, attempt, delayMs) => {
        if (attempt === 1) this.hold()
        watch.faulted(fault, attempt, delayMs)
      },
      over: () => {
        watch.over()
        this.letGo()
      },
    }
  }

  #decide(): void {
    const decision = decideIntake(this.#inFlight, this.#bound, this.#holders > 0, this.#paused)
    if (decision === 'as-is') return
    this.#paused = decision === 'pause'
    if (this.#paused) {
      this.#source.pause()
      this.#watch.paused(this.#holders > 0 ? 'fault' : 'in-flight')
    } else {
      this.#source.resume()
      this.#watch.resumed()
    }
  }
}
