import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { cases } from '../../rig/faults/cases.ts'
import { counterMeasures, takenOut } from '../../rig/faults/without.ts'

describe('every counter-measure that `npm run faults -- --without` removes exists in the built worker, and so does its fault', () => {
  for (const measure of counterMeasures) {
    test(measure.name, async () => {
      await takenOut(measure)
      assert.ok(cases.some(({ name }) => name === measure.fault))
    })
  }
})
