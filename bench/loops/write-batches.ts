import { type Client } from 'cassandra-driver'

/** One INSERT of a batch. */
export interface Statement {
  readonly query: string
  readonly params: unknown[]
}

export const batchRows = 100
const concurrency = 16

/** Writes unlogged batches, 16 at once; `written` is called after each. */
export const writeBatches = async (
  client: Client,
  batches: readonly Statement[][],
  written: () => void = () => undefined,
): Promise<void> => {
  let next = 0
  const writer = async (): Promise<void> => {
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) {
      await client.batch(batch, { prepare: true, logged: false })
      written()
    }
  }
  await Promise.all(Array.from({ length: concurrency }, writer))
}
