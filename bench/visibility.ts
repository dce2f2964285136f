import { setTimeout as pause } from 'node:timers/promises'
import { type Client, errors } from 'cassandra-driver'
import { type RowKey } from './topic.ts'

const askedAtOnce = 16

/** Polls until rows of one table can be read. */
export class Visibility {
  readonly #client: Client
  readonly #query: string
  #ended = false

  constructor(client: Client, table: string) {
    this.#client = client
    this.#query = `SELECT user_id FROM ${table} WHERE program_id = ? AND user_id = ?`
  }

  /** When one of these rows was first seen; times are `performance.now()`. */
  async any(rows: readonly RowKey[]): Promise<number> {
    while (!this.#ended) {
      const there = await Promise.all(rows.map(row => this.#isThere(row)))
      if (there.includes(true)) return performance.now()
      await pause(2)
    }
    return NaN
  }

  /** When all of these rows were seen. It waits for the last one first, which is cheap. */
  async all(rows: readonly RowKey[]): Promise<number> {
    const pending = [...rows]
    const ask = async (): Promise<void> => {
      for (let row = pending.pop(); row !== undefined; row = pending.pop()) await this.one(row, 5)
    }
    const last = pending.pop()
    if (last !== undefined) await this.one(last, 5)
    await Promise.all(Array.from({ length: askedAtOnce }, ask))
    return performance.now()
  }

  /** When this row was seen. It polls `pauseMs` after each response. */
  async one(row: RowKey, pauseMs: number): Promise<number> {
    while (!this.#ended && !(await this.#isThere(row))) if (pauseMs > 0) await pause(pauseMs)
    return performance.now()
  }

  /** Stops polling. */
  end(): void {
    this.#ended = true
  }

  async #isThere({ programId, userId }: RowKey): Promise<boolean> {
    try {
      const { rowLength } = await this.#client.execute(this.#query, [programId, userId], { prepare: true })
      return rowLength > 0
    } catch (error) {
      // A server may be busy for that long.
      if (error instanceof errors.OperationTimedOutError) return false
      throw error
    }
  }
}
