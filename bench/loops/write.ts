// The cost of writing: all rows are created before the first write.
import { messages } from '../../rig/load/enrolments.ts'
import { readLoad } from '../load.ts'
import { connected, endWith, table } from './connections.ts'
import { insertInto } from './flatten.ts'
import { group } from './group.ts'
import { writeBatches } from './write-batches.ts'

function* values(): Generator<Buffer | null> {
  for (const { value } of messages(readLoad(process.env))) yield value
}

const client = await connected()
endWith(() => client.shutdown())
const batches = group(values(), insertInto(table()))
let said = false

await writeBatches(client, batches, () => {
  if (said) return
  said = true
  console.log('first')
})
console.log('last')
