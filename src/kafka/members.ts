import { type SchedulerLike, timer } from 'rxjs'
import { Fault } from '../model/faults.ts'
import { type Backoff, delayMs } from '../operators/retry.ts'
import { crashKindOf, faultOf } from './faults.ts'
import { type Member } from './member.ts'
import { type Restarts } from './restarts.ts'

export interface MembersWatch {
  restarting(fault: Fault, attempt: number, delayMs: number): void
  /** There will be no restart: it is a bug of ours, or the brokers have refused the consumer too often. */
  failed(error: unknown): void
}

/**
 * The group members of this process, one after the other. A crashed member is replaced, because its client would start with an
 * address that may not be a broker any more. The last member that joined stays until the next one has joined, because it
 * commits what it has read.
 */
export class Members {
  readonly #open: (crashed: (error: unknown) => void) => Member
  readonly #restarts: Restarts
  readonly #watch: MembersWatch
  readonly #backoff: Backoff
  readonly #clock: SchedulerLike
  readonly #random: () => number
  readonly #kept = new Set<Member>()
  #current: Member | undefined
  #joined: Member | undefined
  #stopped = false

  constructor(
    open: (crashed: (error: unknown) => void) => Member,
    restarts: Restarts,
    watch: MembersWatch,
    { backoff, clock, random }: { backoff: Backoff; clock: SchedulerLike; random: () => number },
  ) {
    this.#open = open
    this.#restarts = restarts
    this.#watch = watch
    this.#backoff = backoff
    this.#clock = clock
    this.#random = random
  }

  get current(): Member | undefined {
    return this.#current
  }

  start(): void {
    if (this.#stopped) return
    void this.#leaveAllBut(this.#joined)
    const member = this.#open(error => {
      if (member === this.#current) this.#crashed(error)
    })
    this.#kept.add(member)
    this.#current = member
    member.start()
  }

  /** The current member has joined. */
  joined(): void {
    this.#joined = this.#current
    void this.#leaveAllBut(this.#current)
  }

  /** Prevents further restarts. */
  stop(): void {
    this.#stopped = true
  }

  async close(): Promise<void> {
    this.#stopped = true
    await this.#leaveAllBut(undefined)
  }

  #crashed(error: unknown): void {
    if (this.#stopped) return
    const fault = faultOf(error)
    const attempt = this.#restarts.crashed(crashKindOf(error))
    if (!(fault instanceof Fault) || attempt === undefined) {
      this.#watch.failed(fault)
      return
    }
    const ms = delayMs(this.#backoff, attempt, this.#random)
    this.#watch.restarting(fault, attempt, ms)
    timer(ms, this.#clock).subscribe(() => this.start())
  }

  async #leaveAllBut(kept: Member | undefined): Promise<void> {
    const others = [...this.#kept].filter(member => member !== kept)
    for (const member of others) this.#kept.delete(member)
    await Promise.all(others.map(member => member.leave()))
  }
}
