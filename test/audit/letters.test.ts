import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { encodePlace, judgeLetters, placesIn, type PlaceNote } from '../../src/audit/letters.ts'

const kinds = { w: 'wanted', l: 'letter', a: 'allowed' } as const

// The notes about one offset: w wanted, l a dead letter, a one for a refused row.
const verdictOf = (letters: string, keptSince = -Infinity): string | undefined => {
  const notes = letters.split('').map((letter): PlaceNote => {
    return { partition: 1, offset: 5_000_000_000, what: kinds[letter as keyof typeof kinds], time: 1000 }
  })
  return [...judgeLetters(placesIn(notes.map(encodePlace)), keptSince)][0]?.verdict
}

describe('a message and its dead letters', () => {
  const cases = { wl: 'equal', lw: 'equal', a: 'equal', wa: 'equal', w: 'no-letter', wll: 'letter-twice' }
  const further = { aa: 'letter-twice', wla: 'letter-twice', l: 'unexpected-letter', ll: 'unexpected-letter' }
  for (const [letters, verdict] of Object.entries({ ...cases, ...further })) {
    test(`${letters}: ${verdict}`, () => assert.equal(verdictOf(letters), verdict))
  }
  test('a dead letter that retention may have removed is not missing', () => {
    assert.equal(verdictOf('w', 1001), 'unclear')
    assert.equal(verdictOf('w', 1000), 'no-letter')
    assert.equal(verdictOf('w', Infinity), 'unclear')
  })
})
