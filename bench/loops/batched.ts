// The fastest loop that takes an hour to write. It parses and flattens a fetch, groups it by programme and writes batches. It
// has no guarantees: a bad message or a fault ends it.
import { connected, endWith, subscribed, table } from './connections.ts'
import { insertInto } from './flatten.ts'
import { group } from './group.ts'
import { writeBatches } from './write-batches.ts'

const client = await connected()
// With this fetch size batches have 25 rows for 200 programmes, and with the default 3.
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
