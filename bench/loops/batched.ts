// The fastest loop that is still written in an hour: what a fetch brings is parsed, flattened, grouped by programme and
// written in batches. Nothing is safe in it: a bad message or a fault ends it.
import { connected, endWith, subscribed, table } from './connections.ts'
import { insertInto } from './flatten.ts'
import { group } from './group.ts'
import { writeBatches } from './write-batches.ts'

const client = await connected()
// So much of one partition makes batches of 25 rows for 200 programmes; the default makes them of 3.
const consumer = await subscribed(8_388_608)
endWith(
  () => consumer.disconnect(),
  () => client.shutdown(),
)
const insert = insertInto(table())

await consumer.run({
  eachBatch: async ({ batch: { messages } }) => {
    const values = messages.map(({ value }) => value)
    await writeBatches(client, group(values, insert))
  },
})
