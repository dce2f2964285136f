// The cost of reading: every message is parsed and dropped.
import { endWith, subscribed } from './connections.ts'
import { parse } from './flatten.ts'

const events = Number(process.env['BENCH_EVENTS'])
const consumer = await subscribed()
endWith(() => consumer.disconnect())
let read = 0

await consumer.run({
  eachBatch: ({ batch: { messages } }) => {
    if (read === 0) console.log('first')
    for (const { value } of messages) parse(value)
    read += messages.length
    if (read === events) console.log('last')
    return Promise.resolve()
  },
})
