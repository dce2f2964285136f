import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { asyncScheduler, type SchedulerLike } from 'rxjs'
import { type Confirm } from '../../../src/commands/confirm.ts'
import { type LetterFilter } from '../../../src/commands/dead-letters/letter-filter.ts'
import { replay } from '../../../src/commands/dead-letters/replay.ts'
import { UsageError } from '../../../src/commands/usage-error.ts'
import { Fault } from '../../../src/model/faults.ts'
import { type Replayed } from '../../../src/kafka/replay.ts'
import { type StoredMessage } from '../../../src/kafka/scan.ts'
import { noon, stored, topicOf } from './letters.ts'

const all: LetterFilter = {
  reasons: [],
  since: -Infinity,
  until: Infinity,
  partition: undefined,
  from: 0,
  to: Infinity,
}
const letters = (count: number, partition = 0): StoredMessage[] =>
  Array.from({ length: count }, (_, offset) => stored({ partition, offset, timestamp: noon + offset }))

interface Asked {
  filter?: Partial<LetterFilter>
  limit?: number
  perSecond?: number
  dryRun?: boolean
  yes?: boolean
  readers?: readonly string[] | undefined
  confirm?: Confirm
  /** Offsets of dead letters that the source topic refuses. */
  tooLarge?: readonly number[]
  publish?: (messages: readonly Replayed[], before: number) => void
  visited?: (n: number, interrupt: () => void) => void
  clock?: SchedulerLike
}

/** Replays; returns the published groups and the output. */
const run = async (messages: readonly StoredMessage[], asked: Asked = {}) => {
  const { filter, limit = Infinity, perSecond = Infinity, dryRun = false, yes = true, clock = asyncScheduler } = asked
  const interruption = new AbortController()
  const groups: number[] = []
  const from: string[] = []
  let said = ''
  let told = ''
  let error: unknown
  const target = {
    publish: <M extends Replayed>(published: readonly M[]) => {
      asked.publish?.(published, groups.length)
      groups.push(published.length)
      const fromOf = ({ headers }: Replayed) => String(headers['sunbird.replay.from'])
      from.push(...published.map(fromOf))
      const refused = (asked.tooLarge ?? []).map(offset => `in.failed:0:${offset}`)
      return Promise.resolve(published.filter(message => refused.includes(fromOf(message))))
    },
    close: () => Promise.resolve(),
  }
  await replay(
    { filter: { ...all, ...filter }, limit, perSecond, dryRun, yes },
    {
      letters: topicOf(messages, n => asked.visited?.(n, () => interruption.abort())),
      sourceTopic: 'in',
      target,
      write: text => (said += text),
      readers: () => Promise.resolve('readers' in asked ? asked.readers : []),
      tell: text => (told += text),
      isTerminal: false,
      confirm: asked.confirm,
      signal: interruption.signal,
      clock,
    },
  ).catch((thrown: unknown) => (error = thrown))
  return { groups, from, said, told, error }
}

describe('a replay', () => {
  test('publishes every letter once, in groups', async () => {
    const { groups, from, said } = await run(letters(250))
    assert.deepEqual(groups, [100, 100, 50])
    assert.equal(new Set(from).size, 250)
    assert.match(
      said,
      /^250 replayed to in\n {2}bad-date +250\nlater dead letters start at:\n {2}--partition 0 --offset 250-\n$/,
    )
  })

  test('publishes what the filter selects by reason and time, and reports what it cannot publish', async () => {
    const messages = [
      ...letters(3),
      stored({ offset: 3, reason: 'not-json', timestamp: noon }),
      stored({ offset: 4, timestamp: noon + 1, value: null, extra: { '__connect.errors.value.omitted': '9' } }),
    ]
    const { from, said } = await run(messages, { filter: { reasons: ['bad-date'], since: noon + 1, until: noon + 2 } })
    assert.deepEqual(from, ['in.failed:0:1'])
    assert.match(said, /^1 replayed to in\n[^]*1 cannot be replayed: its value/)
  })

  test('as a dry run publishes nothing and reports what it would publish', async () => {
    const { groups, said } = await run(letters(7), { dryRun: true })
    assert.deepEqual(groups, [])
    assert.match(said, /^7 would be replayed to in\n/)
  })

  test('that is interrupted publishes what it has taken and says how to continue', async () => {
    const messages = [...letters(150), ...letters(10, 1)]
    const { from, said } = await run(messages, {
      visited: (n, interrupt) => {
        if (n === 120) interrupt()
      },
    })
    assert.equal(from.length, 120)
    assert.match(
      said,
      /^120 replayed to in\n {2}bad-date +120\nnot done; [^]*\n {2}--partition 0 --offset 120-149\n {2}--partition 1 --offset 0-9\n$/,
    )
  })

  test('with a limit stops there and says how to continue', async () => {
    const { from, said } = await run(letters(10), { limit: 4, filter: { partition: 0, from: 2, to: 9 } })
    assert.deepEqual(
      from,
      [2, 3, 4, 5].map(offset => `in.failed:0:${offset}`),
    )
    assert.match(said, /--partition 0 --offset 6-8\n$/)
  })

  test('that fails continues, next time, with the first letter that may not have been published', async () => {
    const fault = new Fault('transient', 'no leader')
    const { said, error } = await run(letters(250), {
      publish: (_, before) => {
        if (before === 1) throw fault
      },
    })
    assert.equal(error, fault)
    assert.match(said, /^100 replayed to in\n[^]*--partition 0 --offset 100-249\n$/)
  })

  test('with a rate publishes a tenth of a second at a time, and waits for as long', async () => {
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

  test('counts what the source topic refuses as too large, and continues', async () => {
    const { said } = await run(letters(5), { tooLarge: [1, 3] })
    assert.match(said, /^3 replayed to in\n {2}bad-date +3\n2 cannot be replayed: it is too large for the source topic/)
  })

  test('reports how many letters of earlier releases use the timestamp of their record', async () => {
    const { said } = await run([...letters(2), stored({ offset: 2, written: null })])
    assert.match(said, /\n1 are from an earlier release: they use the timestamp of their record/)
  })

  test('names dead letters that were replayed before', async () => {
    const again = Array.from({ length: 7 }, (_, n) =>
      stored({ offset: 10 + n, extra: { 'sunbird.replay.from': Buffer.from(`in.failed:0:${n}`) } }),
    )
    const elsewhere = stored({ offset: 20, extra: { 'sunbird.replay.from': 'other:0:1' } })
    const { said } = await run([...letters(1), ...again, elsewhere])
    assert.match(
      said,
      /\n7 were replayed before and failed again; their earlier dead letters: 0:0, 0:1, 0:2, 0:3, 0:4, 2 more\n/,
    )
  })
})

describe('before a replay', () => {
  const nobody: Asked = { yes: false }

  test('names the other consumer groups that will receive the messages', async () => {
    assert.match(
      (await run(letters(1), { readers: ['reports', 'search'] })).told,
      /^these .* also .*: reports, search\n/,
    )
    assert.match((await run(letters(1))).told, /^found no other consumer group that reads in\n/)
    assert.match(
      (await run(letters(1), { readers: undefined })).told,
      /^cannot list the other consumer groups that read in\n/,
    )
  })

  test('asks without a filter, and shows the possible number', async () => {
    for (const answer of [true, false]) {
      let question = ''
      const confirm: Confirm = asked => {
        question = asked
        return Promise.resolve(answer)
      }
      const { from, told } = await run(letters(3), { ...nobody, confirm })
      assert.match(question, /all dead letters, up to 3, to in\?/)
      assert.equal(from.length, answer ? 3 : 0)
      assert.equal(told.includes('nothing was replayed'), !answer)
    }
  })

  test('fails without a filter if it cannot ask', async () => {
    const { error, from } = await run(letters(3), nobody)
    assert.ok(error instanceof UsageError)
    assert.match(error.message, /--yes/)
    assert.deepEqual(from, [])
  })

  test('does not ask with a filter, in a dry run, or without letters', async () => {
    const confirm: Confirm = () => assert.fail('asked')
    assert.equal((await run(letters(3), { ...nobody, confirm, filter: { reasons: ['bad-date'] } })).from.length, 3)
    assert.equal((await run(letters(3), { ...nobody, confirm, filter: { partition: 0 } })).from.length, 3)
    assert.match((await run(letters(3), { ...nobody, confirm, dryRun: true })).said, /^3 would be/)
    assert.match((await run([], { ...nobody, confirm })).said, /^0 replayed/)
  })
})
