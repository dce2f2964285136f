import { type Fault } from '../../model/faults.ts'

export const serverNames = ['kafka', 'cassandra'] as const

export type ServerName = (typeof serverNames)[number]

/** Whether a server answered when it was last asked; undefined before it was asked. */
export interface Answer {
  readonly usable: boolean
  /** Why it is not usable, for people. */
  readonly why: string
}

/** What asking the servers, again and again, has told. */
export class Servers {
  readonly #answers = new Map<ServerName, Answer>()

  asked(name: ServerName, fault: Fault | undefined): void {
    this.#answers.set(name, { usable: fault === undefined, why: fault?.message ?? '' })
  }

  answer(name: ServerName): Answer | undefined {
    return this.#answers.get(name)
  }
}
