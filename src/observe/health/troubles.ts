import { type Fault } from '../../model/faults.ts'
import { type Step } from '../../model/step.ts'

/** A step that waits out a fault: what it waits for and since when; times are milliseconds since 1970. */
export interface Trouble {
  readonly since: number
  message: string
  kind: Fault['kind']
  nextTryAt: number
  /** How many writes, or other units of this step, wait. */
  waiting: number
  attempts: number
  readonly said: Set<string>
}

/** While one fault lasts, so many different texts are said. */
const saidTexts = 100

/** The steps that wait out a fault, as long as they do. */
export class Troubles extends Map<Step, Trouble> {
  /** Whether it is to be said: several writes wait with texts of their own, by host for instance, each is said once. */
  faulted(step: Step, { kind, message }: Fault, attempt: number, delayMs: number, now: number): boolean {
    const trouble = this.get(step) ?? this.#begin(step, kind, message, now)
    if (attempt === 1) trouble.waiting += 1
    Object.assign(trouble, { kind, message, nextTryAt: now + delayMs, attempts: trouble.attempts + 1 })
    if (trouble.said.has(message) || trouble.said.size >= saidTexts) return false
    trouble.said.add(message)
    return true
  }

  /** One of those that wait does no longer; gives the trouble back if it was the last. */
  over(step: Step): Trouble | undefined {
    const trouble = this.get(step)
    if (trouble === undefined) return undefined
    trouble.waiting -= 1
    if (trouble.waiting > 0) return undefined
    this.delete(step)
    return trouble
  }

  #begin(step: Step, kind: Fault['kind'], message: string, now: number): Trouble {
    const trouble = { since: now, message, kind, nextTryAt: now, waiting: 0, attempts: 0, said: new Set<string>() }
    this.set(step, trouble)
    return trouble
  }
}
