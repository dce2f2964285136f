import { type Fault } from '../model/faults.ts'
import { type FaultWatch } from '../operators/retry.ts'
import { type Start } from './positions.ts'
import { type WaitingWatch } from './waiting.ts'

/** Events of the consumer. */
export interface ConsumerEvents extends WaitingWatch {
  assigned(assignment: number, partitions: readonly number[]): void
  outOfRange(partition: number, start: Start): void
  /** The partition has been read up to `position`, and ends at `end`. */
  reached(partition: number, position: number, end: number): void
  /** The consumer has crashed and restarts after `delayMs`. */
  restarting(fault: Fault, attempt: number, delayMs: number): void
  /** Observes faults while the positions of an assignment are looked up. */
  watch(step: 'locate'): FaultWatch
}
