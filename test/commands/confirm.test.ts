import assert from 'node:assert/strict'
import { PassThrough, Readable } from 'node:stream'
import { describe, test } from 'node:test'
import { confirmOn } from '../../src/commands/confirm.ts'

const asked = (input: Readable, signal = new AbortController().signal): Promise<boolean> => {
  const confirm = confirmOn({ stdin: Object.assign(input, { isTTY: true }), stderr: new PassThrough() })
  return confirm?.('Go on?', signal) ?? assert.fail('cannot ask')
}

describe('a question', () => {
  for (const [answer, expected] of [
    ['y\n', true],
    ['Yes\n', true],
    ['\n', false],
    ['n\n', false],
    ['yesterday\n', false],
    ['', false],
  ] as const) {
    test(`answered with ${JSON.stringify(answer)} is a ${expected ? 'yes' : 'no'}`, async () =>
      assert.equal(await asked(Readable.from([answer])), expected))
  }

  test('that is interrupted means no', async () => {
    const interruption = new AbortController()
    const answer = asked(new PassThrough(), interruption.signal)
    interruption.abort()
    assert.equal(await answer, false)
  })

  test('is not asked if standard input is not a terminal', () =>
    assert.equal(confirmOn({ stdin: new PassThrough(), stderr: new PassThrough() }), undefined))
})
