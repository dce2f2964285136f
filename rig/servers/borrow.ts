import { startCassandra } from './cassandra.ts'
import { type Product } from './jars.ts'
import { startKafka } from './kafka.ts'
import { kafkaSettings, lenderVariable } from './lender.ts'
import { type CassandraAddress } from './schema.ts'

/** A server that other processes may use at the same time; `giveBack` stops it only if this process started it. */
export type Borrowed<Address> = Address & { giveBack(): Promise<void> }

// A server may take this long to start if Maven has to download its jars.
const longestStartMs = 600_000

const lent = async <Address>(product: Product, version: string): Promise<Borrowed<Address> | undefined> => {
  const lender = process.env[lenderVariable]
  if (lender === undefined) return undefined
  const answer = await fetch(`${lender}/${product}/${version}`, { signal: AbortSignal.timeout(longestStartMs) })
  if (!answer.ok) throw new Error(await answer.text())
  return { ...((await answer.json()) as Address), giveBack: () => Promise.resolve() }
}

/** The Kafka of this test run; a new one if there is no lender. */
export const borrowKafka = async (version: string): Promise<Borrowed<{ readonly bootstrap: string }>> => {
  const found = await lent<{ bootstrap: string }>('kafka', version)
  if (found !== undefined) return found
  const cluster = await startKafka({ version, settings: kafkaSettings })
  return { bootstrap: cluster.bootstrap, giveBack: () => cluster.stop() }
}

/** The Cassandra of this test run; a new one if there is no lender. */
export const borrowCassandra = async (version: string): Promise<Borrowed<CassandraAddress>> => {
  const found = await lent<CassandraAddress>('cassandra', version)
  if (found !== undefined) return found
  const node = await startCassandra({ version })
  const { contactPoint, port, localDataCenter } = node
  return { contactPoint, port, localDataCenter, giveBack: () => node.stop() }
}
