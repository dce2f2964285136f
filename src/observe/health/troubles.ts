import { type Fault } from '../../model/faults.ts'
import { type Step } from '../../model/step.ts'

/** A step that waits for a fault to pass. Times are milliseconds since 1970. */
export interface Trouble {
  readonly since: number
  message: string
  kind: Fault['kind']
  nextTryAt: number
  /** How many writes, or other operations of this step, wait. */
  waiting: number
  attempts: number
  readonly reported: Set<string>
}

/** How many different texts of one fault are logged. */
const maxReported = 100

/** The steps that wait for a fault to pass. */
export class Troubles extends Map<Step, Trouble> {
  /** Whether to log it. Several writes may wait with different texts, for instance by host; each text is logged once. */
  faulted(step: Step, { kind, message }: Fault, attempt: number, delayMs: number, now: number): boolean {
    const trouble = this.get(step) ?? this.#begin(step, kind, message, now)
    if (attempt === 1) trouble.waiting += 1
    Object.assign(trouble, { kind, message, nextTryAt: now + delayMs, attempts: trouble.attempts + 1 })
    if (trouble.reported.has(message) || trouble.reported.size >= maxReported) return false
    trouble.reported.add(message)
    return true
  }

  /** One operation no longer waits. Returns the trouble if it was the last. */
  over(step: Step): Trouble | undefined {
    const trouble = this.get(step)
    if (trouble === undefined) return undefined
    trouble.waiting -= 1
    if (trouble.waiting > 0) return undefined
    this.delete(step)
    return trouble
  }

  #begin(step: Step, kind: Fault['kind'], message: string, now: number): Trouble {
    const trouble = { since: now, message, kind, nextTryAt: now, waiting: 0, attempts: 0, reported: new Set<string>() }
    this.set(step, trouble)
    return trouble
  }
}
