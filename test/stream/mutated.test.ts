import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compare } from './mutated.ts'

const count = 50_000

test(`${count} mutated documents have the verdict and the values that JSON.parse gives them`, () => {
  const verdicts = compare(count, 1)
  for (const some of Object.values(verdicts)) assert.ok(some > count / 20, JSON.stringify(verdicts))
})
