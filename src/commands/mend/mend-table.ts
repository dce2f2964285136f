import { checkTable } from '../../cassandra/check.ts'
import { connectCassandra } from '../../cassandra/client.ts'
import { mendableTable } from '../../cassandra/mendable.ts'
import { type Settings } from '../../config/settings.ts'
import { type Stream } from '../../stream/definition.ts'
import { mend } from './mend.ts'
import { type Terminal } from '../terminal.ts'

/**
 * Mends the stream's table; see mend/mend.ts.
 *
 * @throws Fault when Cassandra is in trouble or the table is not as it should be
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
