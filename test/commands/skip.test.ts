import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { skip } from '../../src/commands/skip/skip.ts'
import { type UndecodableBatch } from '../../src/kafka/fetch/fetched.ts'
import { batchOf, recordBatch } from '../kafka/fetch/record-sets.ts'

const bad = batchOf(Buffer.from('no gzip'), { compression: 1, firstOffset: 105, count: 3 })
const good = (firstOffset: number): Promise<Buffer> => {
  const record = { offsetDelta: 0, timestampDelta: 0, key: null, value: Buffer.from('{}'), headers: {} }
  return recordBatch([record, { ...record, offsetDelta: 4 }], { firstOffset })
}
/** A batch without records, as compaction leaves it. */
const compactedAway = (firstOffset: number, count: number): Buffer =>
  batchOf(Buffer.alloc(0), { firstOffset, count: 0, lastOffsetDelta: count - 1 })

interface Log {
  readonly committed?: number | undefined
  readonly batches: readonly (readonly [from: number, records: Buffer])[]
  readonly errorCode?: number
}

/** Runs `skip` on a partition with these record batches; returns the result. */
const run = async ({ committed, batches, errorCode = 0 }: Log, offset: number, answer?: boolean) => {
  const stepped: UndecodableBatch[] = []
  let output = ''
  let asked = ''
  const code = await skip(
    { partition: 3, offset, yes: answer === undefined },
    {
      source: {
        committed: () => Promise.resolve(committed),
        fetchAt: at => {
          const records = batches.filter(([from]) => from >= at).map(([, bytes]) => bytes)
          const bounds = { highWatermark: 1000, lastStableOffset: 1000, abortedTransactions: [] }
          return Promise.resolve({ partition: 3, errorCode, ...bounds, records: Buffer.concat(records) })
        },
      },
      topic: 'events',
      deadLetterTopic: 'failed',
      stepOver: batch => {
        stepped.push(batch)
        return Promise.resolve()
      },
      write: text => (output += text),
      tell: text => (output += text),
      confirm: question => {
        asked = question
        return Promise.resolve(answer ?? false)
      },
      signal: new AbortController().signal,
    },
  )
  return { code, output, asked, stepped: stepped.map(({ offset: from, lastOffset }) => [from, lastOffset]) }
}

describe('skip', () => {
  test('skips the batch at which the group waits, and reports it', async () => {
    const { code, output, stepped } = await run({ committed: 105, batches: [[105, bad]] }, 105)
    assert.equal(code, 0)
    assert.deepEqual(stepped, [[105, 107]])
    assert.match(output, /events partition 3, offsets 105 to 107, 68 bytes: cannot decompress \(gzip\)/)
    assert.match(output, /continues at offset 108, and the bytes are on failed/)
  })

  test('takes any offset of the batch', async () => {
    const { stepped } = await run({ committed: 105, batches: [[105, bad]] }, 107)
    assert.deepEqual(stepped, [[105, 107]])
  })

  test('looks after batches without records', async () => {
    const log: Log = {
      committed: 100,
      batches: [
        [100, compactedAway(100, 5)],
        [105, bad],
      ],
    }
    assert.deepEqual((await run(log, 105)).stepped, [[105, 107]])
  })

  test('asks for confirmation', async () => {
    const log = { committed: 105, batches: [[105, bad]] } as const
    const agreed = await run(log, 105, true)
    assert.match(agreed.asked, /Skip it\? Its bytes go to failed/)
    assert.deepEqual([agreed.code, agreed.stepped.length], [0, 1])
    const refused = await run(log, 105, false)
    assert.deepEqual([refused.code, refused.stepped.length], [1, 0])
  })

  const refusals: readonly (readonly [what: string, log: () => Promise<Log>, offset: number, says: RegExp])[] = [
    [
      'a batch that can be decoded',
      async () => ({ committed: 100, batches: [[100, await good(100)]] }),
      104,
      /can be decoded/,
    ],
    [
      'a committed offset',
      () => Promise.resolve({ committed: 108, batches: [[105, bad]] }),
      105,
      /committed offset 108/,
    ],
    ['a group without an offset', () => Promise.resolve({ batches: [[105, bad]] }), 105, /no committed offset/],
    [
      'a batch after uncommitted records',
      async () => ({
        committed: 100,
        batches: [
          [100, await good(100)],
          [105, bad],
        ],
      }),
      105,
      /committed offset 100, but records before this offset are missing/,
    ],
    [
      'an offset after the batch',
      () => Promise.resolve({ committed: 105, batches: [[105, bad]] }),
      108,
      /offsets 105 to 107/,
    ],
    ['the end of the partition', () => Promise.resolve({ committed: 1000, batches: [] }), 1000, /ends at 1000/],
    ['an error of Kafka', () => Promise.resolve({ committed: 5, batches: [], errorCode: 1 }), 5, /error 1/],
  ]

  for (const [what, log, offset, says] of refusals) {
    test(`refuses ${what}`, async () => {
      const { code, output, stepped } = await run(await log(), offset)
      assert.equal(code, 1)
      assert.deepEqual(stepped, [])
      assert.match(output, says)
    })
  }
})
