import { checkTable } from '../../cassandra/check.ts'
import { connectCassandra } from '../../cassandra/client.ts'
import { mendableTable } from '../../cassandra/mendable.ts'
import { type Settings } from '../../config/settings.ts'
import { type Stream } from '../../stream/definition.ts'
import { mend } from './mend.ts'
import { type Terminal } from '../terminal.ts'

/**
 * Repairs the stream's table; see mend.ts.
 *
 * @throws Fault if Cassandra fails or the table does not match the stream
 */
export const mendTable = async (
  { table }: Stream,
  { cassandra: settings }: Settings,
  dryRun: boolean,
  terminal: Pick<Terminal, 'write' | 'tell'>,
  signal: AbortSignal,
): Promise<void> => {
  const client = await connectCassandra(settings)
  try {
    await checkTable(client, table, settings)
    await mend(mendableTable(client, table, settings), dryRun, terminal, signal)
  } finally {
    await client.shutdown()
  }
}
