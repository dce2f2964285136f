// The simplest loop: a message, an awaited INSERT, the next message. The client commits offsets by itself.
import { connected, endWith, subscribed, table } from './connections.ts'
import { insertInto, parse, toParams } from './flatten.ts'

const client = await connected()
const consumer = await subscribed()
endWith(
  () => consumer.disconnect(),
  () => client.shutdown(),
)
const insert = insertInto(table())

await consumer.run({
  eachMessage: async ({ message }) => {
    await client.execute(
      insert,
      toParams(parse(message.value), map => map),
      { prepare: true },
    )
  },
})
