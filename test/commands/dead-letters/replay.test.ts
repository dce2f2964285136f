import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { asyncScheduler, type SchedulerLike } from 'rxjs'
import { type Choice } from '../../../src/commands/dead-letters/choice.ts'
import { replay } from '../../../src/commands/dead-letters/replay.ts'
import { Fault } from '../../../src/model/faults.ts'
import { type Replayed } from '../../../src/kafka/replay.ts'
import { type StoredMessage } from '../../../src/kafka/scan.ts'
import { noon, stored, topicOf } from './letters.ts'

const all: Choice = { reasons: [], since: -Infinity, until: Infinity, partition: undefined, from: 0, to: Infinity }
const letters = (count: number, partition = 0): StoredMessage[] =>
  Array.from({ length: count }, (_, offset) => stored({ partition, offset, timestamp: noon + offset }))

interface Asked {
  choice?: Partial<Choice>
  limit?: number
  perSecond?: number
  dryRun?: boolean
  publish?: (messages: readonly Replayed[], before: number) => void
  visited?: (n: number, interrupt: () => void) => void
  clock?: SchedulerLike
}

/** Replays, and gives what was published, in groups, and what was said. */
const run = async (messages: readonly StoredMessage[], asked: Asked = {}) => {
  const { choice, limit = Infinity, perSecond = Infinity, dryRun = false, clock = asyncScheduler } = asked
  const interruption = new AbortController()
  const groups: number[] = []
  const from: string[] = []
  let said = ''
  let error: unknown
  const target = {
    publish: (published: readonly Replayed[]) => {
      asked.publish?.(published, groups.length)
      groups.push(published.length)
      from.push(...published.map(({ headers }) => String(headers['sunbird.replay.from'])))
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
  }
  await replay(
    { choice: { ...all, ...choice }, limit, perSecond, dryRun },
    {
      letters: topicOf(messages, n => asked.visited?.(n, () => interruption.abort())),
      sourceTopic: 'in',
      target,
      write: text => (said += text),
      tell: () => undefined,
      isTerminal: false,
      signal: interruption.signal,
      clock,
    },
  ).catch((thrown: unknown) => (error = thrown))
  return { groups, from, said, error }
}

describe('a replay', () => {
  test('publishes every letter once, in groups', async () => {
    const { groups, from, said } = await run(letters(250))
    assert.deepEqual(groups, [100, 100, 50])
    assert.equal(new Set(from).size, 250)
    assert.match(said, /^250 replayed to in\n {2}bad-date +250\n$/)
  })

  test('publishes what is chosen by reason and time, and tells what it cannot publish', async () => {
    const messages = [
      ...letters(3),
      stored({ offset: 3, reason: 'not-json', timestamp: noon }),
      stored({ offset: 4, timestamp: noon + 1, value: null, extra: { '__connect.errors.value.omitted': '9' } }),
    ]
    const { from, said } = await run(messages, { choice: { reasons: ['bad-date'], since: noon + 1, until: noon + 2 } })
    assert.deepEqual(from, ['in.failed:0:1'])
    assert.match(said, /^1 replayed to in\n[^]*1 cannot be replayed: without its value/)
  })

  test('of a dry run publishes nothing and says what would be', async () => {
    const { groups, said } = await run(letters(7), { dryRun: true })
    assert.deepEqual(groups, [])
    assert.match(said, /^7 would be replayed to in\n/)
  })

  test('that is interrupted publishes what it has taken and says where to go on', async () => {
    const messages = [...letters(150), ...letters(10, 1)]
    const { from, said } = await run(messages, {
      visited: (n, interrupt) => {
        if (n === 120) interrupt()
      },
    })
    assert.equal(from.length, 120)
    assert.match(
      said,
      /^120 replayed to in\nnot done; [^]*\n {2}--partition 0 --offset 120-149\n {2}--partition 1 --offset 0-9\n$/,
    )
  })

  test('with a limit takes no more and says where to go on', async () => {
    const { from, said } = await run(letters(10), { limit: 4, choice: { partition: 0, from: 2, to: 9 } })
    assert.deepEqual(
      from,
      [2, 3, 4, 5].map(offset => `in.failed:0:${offset}`),
    )
    assert.match(said, /--partition 0 --offset 6-8\n$/)
  })

  test('that cannot publish goes on, next time, with the first letter that is not known to be there', async () => {
    const fault = new Fault('transient', 'no leader')
    const { said, error } = await run(letters(250), {
      publish: (_, before) => {
        if (before === 1) throw fault
      },
    })
    assert.equal(error, fault)
    assert.match(said, /^100 replayed to in\n[^]*--partition 0 --offset 100-249\n$/)
  })

  test('with a rate publishes a tenth of a second at a time and waits as long as it lasts', async () => {
    const delays: number[] = []
    const schedule = asyncScheduler.schedule.bind(asyncScheduler)
    const at = Object.assign(Object.create(asyncScheduler) as SchedulerLike, {
      schedule: (...[work, delay = 0, state]: Parameters<typeof schedule>) => {
        delays.push(delay)
        return schedule(work, 0, state)
      },
    })
    const { groups } = await run(letters(5), { perSecond: 20, clock: at })
    assert.deepEqual(groups, [2, 2, 1])
    assert.deepEqual(delays, [100, 100, 50])
  })
})
