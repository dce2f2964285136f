import { type Client, type types } from 'cassandra-driver'

/** A row by its key. */
export interface RowKey {
  readonly programId: string
  readonly userId: string
}

export const ways = ['missing', 'different', 'newer', 'extra'] as const

/** Ways to corrupt a row, each named after the difference that an audit must report. */
export type Way = (typeof ways)[number]

const execute = (client: Client, query: string, values: unknown[]) => client.execute(query, values, { prepare: true })

/** Corrupts one row. For `extra` the key belongs to no event. */
export const spoil = async (client: Client, table: string, way: Way, { programId, userId }: RowKey): Promise<void> => {
  const where = 'WHERE program_id = ? AND user_id = ?'
  const key = [programId, userId]
  switch (way) {
    case 'missing':
      await execute(client, `DELETE FROM ${table} ${where}`, key)
      return
    case 'newer':
      await execute(client, `UPDATE ${table} SET organisation_name = 'spoilt' ${where}`, key)
      return
    case 'extra':
      await execute(client, `INSERT INTO ${table} (program_id, user_id, program_name) VALUES (?, ?, 'spoilt')`, key)
      return
    case 'different': {
      // With the same write timestamp as the event: of two values the greater one wins.
      const { rows } = await execute(client, `SELECT WRITETIME(program_name) AS at FROM ${table} ${where}`, key)
      const at = rows[0]?.['at'] as types.Long
      await execute(client, `UPDATE ${table} USING TIMESTAMP ? SET program_name = 'spoilt' ${where}`, [at, ...key])
    }
  }
}
