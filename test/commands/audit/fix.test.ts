import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { asyncScheduler } from 'rxjs'
import { unset } from '../../../src/audit/cells.ts'
import { fold } from '../../../src/audit/fold.ts'
import { byReading } from '../../../src/audit/order.ts'
import { Again } from '../../../src/commands/audit/again.ts'
import { fix } from '../../../src/commands/audit/fix.ts'
import { type Servers } from '../../../src/commands/audit/servers.ts'
import { type Replayed } from '../../../src/kafka/replay.ts'
import { version } from '../../audit/versions.ts'

const judging = {
  ...{ cells: 3, order: byReading, everyRow: false, begunAt: 0 },
  context: { byEvent: false, isWhole: true, endedAt: 1000 },
  isLater: ({ offset }: { offset: number }) => offset >= 100,
}

const rowOf = (versions: ReturnType<typeof version>[], cells: number[], verdict: 'missing' | 'newer' = 'missing') => {
  const expected = fold(versions, byReading).get('aa')
  assert.ok(expected !== undefined)
  return { hash: 'aa', verdict, cells, expected }
}

/** Publishes what was noted; gives what came to the topic and what was said. */
const run = async (again: Again, answer?: boolean, gone: readonly number[] = []) => {
  const published: string[] = []
  let said = ''
  const servers = {
    topic: 'source',
    readers: () => Promise.resolve(['other']),
    withMessages: (_: number, use: (message: (offset: number) => Promise<unknown>) => Promise<unknown>) =>
      use(offset =>
        Promise.resolve(
          gone.includes(offset)
            ? undefined
            : { offset, timestamp: 0, key: null, value: Buffer.from('v'), headers: { own: 'h' }, bytes: 1 },
        ),
      ),
    target: () => ({
      publish: (messages: readonly Replayed[]) => {
        for (const { partition, headers } of messages) published.push(`${partition} ${JSON.stringify(headers)}`)
        return Promise.resolve([])
      },
      close: () => Promise.resolve(),
    }),
  } as unknown as Servers
  const confirm = answer === undefined ? undefined : () => Promise.resolve(answer)
  const terminal = { tell: (text: string) => void (said += text), confirm }
  const signal = new AbortController().signal
  await fix({ again, servers, yes: answer === undefined, terminal, signal, clock: asyncScheduler })
  again.close()
  return { published, said }
}

const headers = (offset: number, writeTimestamp: number): string =>
  `0 {"own":"h","sunbird.replay.write.timestamp":"${writeTimestamp}","sunbird.replay.from":"source:0:${offset}"}`

describe('what an audit publishes again', () => {
  const first = version('ab', { offset: 1, time: 1 })
  const second = version('c.', { offset: 2, time: 2 })

  test('are the events of a row in their order, with a write timestamp from before the end', async () => {
    assert.equal(second.cells[2], unset)
    const again = new Again(1000)
    again.row(rowOf([first, second], [0]), judging)
    again.letter(0, 9)
    const { published, said } = await run(again)
    assert.deepEqual(published, [headers(1, 999), headers(2, 1000), headers(9, 1000)])
    assert.match(said, /: other\n/)
    assert.match(said, /3 of 3 events published again/)
  })

  test('is nothing without a yes', async () => {
    const again = new Again(1000)
    again.row(rowOf([first], [1], 'newer'), judging)
    const { published, said } = await run(again, false)
    assert.deepEqual(published, [])
    assert.match(said, /1 rows were written after their event: that is overwritten\n[^]*nothing is published/)
  })

  test('leaves a row alone that a later event decides, and counts what is gone', async () => {
    const again = new Again(1000)
    again.row(rowOf([first, version('ef', { offset: 100, isOptional: true })], [1]), judging)
    again.letter(0, 7)
    again.letter(0, 8)
    const { published, said } = await run(again, true, [7])
    assert.deepEqual(published, [headers(8, 1000)])
    assert.match(said, /^1 rows are left alone[^]*1 of 2 events published again[^]*1 are not in the topic any more/)
  })
})
