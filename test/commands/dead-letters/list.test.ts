import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Grouping } from '../../../src/commands/dead-letters/arguments.ts'
import { type LetterFilter } from '../../../src/commands/dead-letters/letter-filter.ts'
import { list } from '../../../src/commands/dead-letters/list.ts'
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
const hour = 3_600_000

const printed = async (
  messages: readonly StoredMessage[],
  by: Grouping,
  filter: Partial<LetterFilter> = {},
): Promise<string> => {
  let said = ''
  const asked = { filter: { ...all, ...filter }, by }
  await list(topicOf(messages), asked, text => (said += text), new AbortController().signal)
  return said
}

const messages = [
  stored({ offset: 0 }),
  stored({ offset: 1, timestamp: noon + hour }),
  stored({ offset: 2, timestamp: noon + hour + 1, reason: 'not-json' }),
  stored({ offset: 3, timestamp: noon + 24 * hour, value: null, extra: { '__connect.errors.value.omitted': '9' } }),
  stored({ offset: 4, timestamp: noon, headers: {} }),
]

describe('the list of dead letters', () => {
  test('counts by reason, with first, last and an example, and by hour', async () => {
    assert.equal(
      await printed(messages, 'hour'),
      [
        'dead letters in in.failed: 5',
        '',
        'reason            count  first                     last                      latest (partition:offset)',
        'bad-date              3  2026-11-23T12:00:00.000Z  2026-11-24T12:00:00.000Z  0:3',
        'not-json              1  2026-11-23T13:00:00.001Z  2026-11-23T13:00:00.001Z  0:2',
        'no-reason-header      1  2026-11-23T12:00:00.000Z  2026-11-23T12:00:00.000Z  0:4',
        '',
        'hour               count',
        '2026-11-23T12:00Z      2',
        '2026-11-23T13:00Z      2',
        '2026-11-24T12:00Z      1',
        '',
        '1 cannot be replayed, because a part was too large and is missing',
        '',
      ].join('\n'),
    )
  })

  test('counts by day what the filter selects', async () => {
    const said = await printed(messages, 'day', { reasons: ['bad-date'], until: noon + 24 * hour })
    assert.match(said, /^dead letters in in\.failed: 2\n/)
    assert.match(said, /day +count\n2026-11-23 +2\n$/)
  })

  test('prints a line for each letter with both positions and the fault, without content', async () => {
    const said = await printed(messages.slice(0, 1), 'each')
    assert.equal(said, '0:0  2026-11-23T12:00:00.000Z  bad-date  in:1:42  createdAt: absent\n')
  })

  test('says so when there is none', async () => {
    assert.equal(await printed(messages, 'hour', { since: Infinity }), 'no matching dead letters in in.failed\n')
  })

  test('shows no time for an invalid timestamp, which any producer can send', async () => {
    const odd = [-1, 0, 9e15, 2 ** 63].map((timestamp, offset) => stored({ timestamp, offset }))
    assert.match(await printed(odd, 'hour'), /bad-date +4 {2}no time {2}no time[^]*\nno time +4\n$/)
    assert.match(await printed(odd, 'each'), /^(0:\d {2}no time {2}bad-date.*\n){4}$/)
  })

  test('lets no control character of a header reach the terminal', async () => {
    const evil = stored({ reason: 'bad\u001b]0;title\u0007', source: 'in\u009b2J\n' })
    for (const by of ['hour', 'each'] as const) {
      assert.doesNotMatch((await printed([evil], by)).replaceAll('\n', ''), /\p{Cc}/u)
    }
  })
})
