import { setTimeout as pause } from 'node:timers/promises'
import { type Client } from 'cassandra-driver'
import { type RowKey } from './topic.ts'

const askedAtOnce = 16

/** Sees, by asking again and again, when rows of one table can be read. */
export class Visibility {
  readonly #client: Client
  readonly #query: string
  #ended = false

  constructor(client: Client, table: string) {
    this.#client = client
    this.#query = `SELECT user_id FROM ${table} WHERE program_id = ? AND user_id = ?`
  }

  /** When any of these rows was seen first; `performance.now()`, as everywhere here. */
  async any(rows: readonly RowKey[]): Promise<number> {
    while (!this.#ended) {
      const there = await Promise.all(rows.map(row => this.#isThere(row)))
      if (there.includes(true)) return performance.now()
      await pause(2)
    }
    return NaN
  }

  /** When the last of these rows was seen; the last of them is waited for first, and costs little while it is not there. */
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

  /** When this row was seen, asked for again `pauseMs` after each answer. */
  async one(row: RowKey, pauseMs: number): Promise<number> {
    while (!this.#ended && !(await this.#isThere(row))) if (pauseMs > 0) await pause(pauseMs)
    return performance.now()
  }

  /** Nothing is asked any more. */
  end(): void {
    this.#ended = true
  }

  async #isThere({ programId, userId }: RowKey): Promise<boolean> {
    const { rowLength } = await this.#client.execute(this.#query, [programId, userId], { prepare: true })
    return rowLength > 0
  }
}
