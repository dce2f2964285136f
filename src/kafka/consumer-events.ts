import { type Fault } from '../model/faults.ts'
import { type FaultWatch } from '../operators/retry.ts'
import { type Start } from './positions.ts'
import { type WaitingWatch } from './waiting.ts'

/** Told what happens to the consumer. */
export interface ConsumerEvents extends WaitingWatch {
  assigned(assignment: number, partitions: readonly number[]): void
  outOfRange(partition: number, start: Start): void
  /** The partition is read up to `position`, and ends at `end`. */
  reached(partition: number, position: number, end: number): void
  /** The consumer has crashed and starts again after `delayMs`. */
  restarting(fault: Fault, attempt: number, delayMs: number): void
  /** Told while the positions of an assignment cannot be read; nothing is fetched before they are. */
  watch(step: 'locate'): FaultWatch
}
