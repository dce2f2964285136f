import { type Fault } from '../../model/faults.ts'

export const serverNames = ['kafka', 'cassandra'] as const

export type ServerName = (typeof serverNames)[number]

/** The result of the last probe of a server. */
export interface Answer {
  readonly usable: boolean
  /** Why it is not usable, for people. */
  readonly why: string
}

/** The results of the latest probes. */
export class Servers {
  readonly #answers = new Map<ServerName, Answer>()

  probed(name: ServerName, fault: Fault | undefined): void {
    this.#answers.set(name, { usable: fault === undefined, why: fault?.message ?? '' })
  }

  answer(name: ServerName): Answer | undefined {
    return this.#answers.get(name)
  }
}
