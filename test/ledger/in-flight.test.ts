import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decideIntake, InFlightLedger } from '../../src/ledger/in-flight.ts'
import { record } from '../records.ts'

describe('the decision to pause or resume', () => {
  const bound = { records: 100, bytes: 1000 }
  const decisions = [
    // records, bytes, held, paused, decision
    [0, 0, false, false, 'as-is'],
    [99, 999, false, false, 'as-is'],
    [100, 0, false, false, 'pause'],
    [0, 1000, false, false, 'pause'],
    [100, 1000, false, true, 'as-is'],
    [51, 0, false, true, 'as-is'],
    [0, 501, false, true, 'as-is'],
    [50, 500, false, true, 'resume'],
    [0, 0, false, true, 'resume'],
    [0, 0, true, false, 'pause'],
    [0, 0, true, true, 'as-is'],
    [100, 0, true, true, 'as-is'],
  ] as const
  for (const [records, bytes, held, paused, decision] of decisions) {
    const state = `${paused ? 'paused' : 'reading'}${held ? ' and held' : ''}`
    test(`of ${bound.records} records and ${bound.bytes} bytes with ${records} and ${bytes}, ${state}: ${decision}`, () => {
      assert.equal(decideIntake({ records, bytes }, bound, held, paused), decision)
    })
  }
})

describe('the ledger of records in flight', () => {
  const [a, b] = [record(0, { bytes: 40 }), record(1, { bytes: 2 })]

  test('counts records and their bytes until they settle', () => {
    const ledger = new InFlightLedger()
    ledger.add(a)
    ledger.add(b)
    assert.deepEqual([ledger.records, ledger.bytes], [2, 42])
    ledger.remove([a])
    assert.deepEqual([ledger.records, ledger.bytes], [1, 2])
    ledger.remove([b])
    assert.deepEqual([ledger.records, ledger.bytes], [0, 0])
  })

  test('detects if more is settled than was read', () => {
    const ledger = new InFlightLedger()
    ledger.add(a)
    assert.throws(() => ledger.remove([a, b]), { message: 'more records were settled than read' })
  })

  test('detects if other records are settled than were read', () => {
    const ledger = new InFlightLedger()
    ledger.add(b)
    assert.throws(() => ledger.remove([a]), { message: 'more records were settled than read' })
  })
})
