import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { show } from '../../../src/commands/dead-letters/show.ts'
import { stored, topicOf } from './letters.ts'

const shown = async (offset: number, content = false, value: Buffer | null = Buffer.from('{"phone":"5550100"}')) => {
  let written = ''
  let complained = ''
  const messages = [
    stored({ offset: 3, key: Buffer.from('user-7'), value, extra: { own: ['a', Buffer.from('b\u001b')] } }),
  ]
  const code = await show(
    topicOf(messages),
    { partition: 0, offset, content },
    text => (written += text),
    text => (complained += text),
    new AbortController().signal,
  )
  return { code, written, complained }
}

describe('one dead letter', () => {
  test('is shown with every header, and neither key nor value', async () => {
    const { code, written } = await shown(3)
    assert.equal(code, 0)
    assert.match(written, /^partition 0, offset 3, 2026-11-23T12:00:00\.000Z\nheaders:\n/)
    assert.match(written, / {2}__connect\.errors\.reason: bad-date\n/)
    assert.match(written, / {2}own: a\n {2}own: b\\u001b\n/)
    assert.match(written, /\nkey: 6 bytes\nvalue: 19 bytes\n/)
    assert.doesNotMatch(written, /user-7|5550100/)
  })

  test('is shown with key and value with --content', async () => {
    assert.match((await shown(3, true)).written, /\nkey:\nuser-7\nvalue:\n\{"phone":"5550100"\}\n$/)
  })

  test('that is not text is shown as base64, a missing value as null', async () => {
    assert.match((await shown(3, true, Buffer.from([0xff, 0x00]))).written, /value:\n\(not UTF-8, in base64\) \/wA=\n$/)
    assert.match((await shown(3, true, null)).written, /value:\nnull\n$/)
  })

  test('that does not exist is reported with the existing offsets', async () => {
    const { code, written, complained } = await shown(4)
    assert.deepEqual([code, written], [66, ''])
    assert.match(complained, /no dead letter 0:4 in in\.failed; it has 0:3 to before 0:4\n/)
  })
})
