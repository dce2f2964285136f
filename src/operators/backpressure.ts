import { type MonoTypeOperatorFunction, tap } from 'rxjs'
import { decideIntake, type InFlight, type InFlightLedger } from '../ledger/in-flight.ts'
import { type KafkaRecord, type Settled } from '../model/record.ts'
import { type FaultWatch } from './retry.ts'

/** What can be held back: all partitions of the topic at once. */
export interface Pausable {
  pause(): void
  resume(): void
}

/** Told what comes in and goes out, and when the intake is paused and resumed. */
export interface IntakeWatch {
  read(record: KafkaRecord): void
  settled(settled: Settled): void
  paused(because: 'in-flight' | 'fault'): void
  resumed(): void
}

/**
 * Backpressure. Records are counted in flight from `admit` to `release`; at the bound the partitions are paused, at half
 * of it resumed. While a step waits out a fault, nothing is read.
 */
export class Intake {
  readonly #source: Pausable
  readonly #inFlight: InFlightLedger
  readonly #bound: InFlight
  readonly #watch: IntakeWatch
  #holders = 0
  #paused = false

  /** @param inFlight only the intake writes to it; others may read it */
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

  /** Nothing is read until as many `letGo` as `hold` were called. */
  hold(): void {
    this.#holders += 1
    this.#decide()
  }

  letGo(): void {
    this.#holders -= 1
    this.#decide()
  }

  /** The same watch, and the intake is held from a step's first fault until that step is over. */
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
