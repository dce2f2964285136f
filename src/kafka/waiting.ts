import { type Assignment } from './assignment.ts'
import { noLeader } from './cluster.ts'

/** Notified of partitions that wait while the others continue. */
export interface WaitingWatch {
  /** The partition waits at this offset; negative if it is not known. */
  waits(partition: number, offset: number, why: string): void
  goesOn(partition: number): void
}

/** The assigned partitions that wait. Each is reported once, and again if the reason changes. */
export class Waiting {
  readonly #watch: WaitingWatch
  readonly #reasons = new Map<number, string>()

  constructor(watch: WaitingWatch) {
    this.#watch = watch
  }

  waits(partition: number, offset: number, why: string): void {
    if (this.#reasons.get(partition) === why) return
    this.#reasons.set(partition, why)
    this.#watch.waits(partition, offset, why)
  }

  over(partition: number): void {
    if (this.#reasons.delete(partition)) this.#watch.goesOn(partition)
  }

  /** These partitions have no leader; all others have one. */
  leaderless(assignment: Assignment, partitions: readonly number[]): void {
    for (const partition of partitions) this.waits(partition, assignment.lane(partition)?.position ?? -1, noLeader)
    for (const [partition, why] of this.#reasons) {
      if (why === noLeader && !partitions.includes(partition)) this.over(partition)
    }
  }

  /** The assignment has ended. */
  clear(): void {
    for (const partition of [...this.#reasons.keys()]) this.over(partition)
  }
}
