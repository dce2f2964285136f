import { type Product } from './jars.ts'
import { type KafkaAddress, type Lendable, startLendable } from './lendable.ts'
import { lenderVariable } from './lender.ts'
import { type CassandraAddress } from './cql-client.ts'

/** A server that other processes may use at the same time; `giveBack` stops it only if this process started it. */
export type Borrowed<Address> = Address & { giveBack(): Promise<void> }

// A server may take this long to start if Maven has to download its jars.
const longestStartMs = 600_000

const borrow = async <Address>(
  product: Product,
  version: string,
  start: (version: string) => Promise<Lendable<Address>>,
): Promise<Borrowed<Address>> => {
  const lender = process.env[lenderVariable]
  if (lender === undefined) {
    const { address, stop } = await start(version)
    return { ...address, giveBack: stop }
  }
  const answer = await fetch(`${lender}/${product}/${version}`, { signal: AbortSignal.timeout(longestStartMs) })
  if (!answer.ok) throw new Error(await answer.text())
  return { ...((await answer.json()) as Address), giveBack: () => Promise.resolve() }
}

/** The Kafka of this test run; a new one if there is no lender. */
export const borrowKafka = (version: string): Promise<Borrowed<KafkaAddress>> =>
  borrow('kafka', version, startLendable.kafka)

/** The Cassandra of this test run; a new one if there is no lender. */
export const borrowCassandra = (version: string): Promise<Borrowed<CassandraAddress>> =>
  borrow('cassandra', version, startLendable.cassandra)
