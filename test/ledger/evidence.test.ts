import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Evidence } from '../../src/ledger/evidence.ts'
import { accepted } from '../records.ts'

type Step = 'refused' | 'send' | 'accepted' | 'accepted removal'

/** Whether an upsert that was refused at the first `refused` is to blame after these steps. */
const cases: readonly [steps: readonly Step[], isToBlame: boolean][] = [
  [['refused'], false],
  [['refused', 'send'], false],
  [['refused', 'send', 'accepted'], true],
  [['send', 'refused', 'accepted'], false],
  [['send', 'accepted', 'refused'], false],
  [['refused', 'send', 'accepted removal'], false],
  [['refused', 'send', 'accepted removal', 'send', 'accepted'], true],
]

describe('the evidence against a refused row', () => {
  for (const [steps, isToBlame] of cases) {
    test(`${steps.join(', ')}: ${isToBlame ? 'to blame' : 'undecided'}`, () => {
      const evidence = new Evidence()
      let sentAt = 0
      let refusedAt: number | undefined
      for (const step of steps) {
        if (step === 'refused') refusedAt ??= evidence.next()
        else if (step === 'send') sentAt = evidence.next()
        else evidence.accepted([accepted(1, {}, { gone: step === 'accepted removal' })], sentAt)
      }
      assert.equal(evidence.since('upsert', refusedAt ?? assert.fail()), isToBlame)
    })
  }

  test('is kept if an earlier write is answered last', () => {
    const evidence = new Evidence()
    const slow = evidence.next()
    const refusedAt = evidence.next()
    evidence.accepted([accepted(1)], evidence.next())
    evidence.accepted([accepted(0)], slow)
    assert.ok(evidence.since('upsert', refusedAt))
  })
})
