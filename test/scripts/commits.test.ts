import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { faultsOf } from '../../scripts/commits.ts'

describe('the grammar of commit messages', () => {
  const good = [
    'Kafka: commit errors name their partition',
    'Dead letters: replay in the order of offsets\n\nThe group read them by partition.\n',
    'CI: run the tests on Node 24',
  ]
  for (const message of good) test(`accepts ${JSON.stringify(message)}`, () => assert.deepEqual(faultsOf(message), []))

  const bad: [message: string, fault: RegExp][] = [
    ['', /not "Area: what changed"/],
    ['fix bug', /not "Area: what changed"/],
    ['kafka: commit errors', /not "Area: what changed"/],
    ['A long list of areas: something', /not "Area: what changed"/],
    ['Kafka:', /not "Area: what changed"/],
    ['Kafka: commit errors name their partition.', /full stop/],
    [`Kafka: ${'x'.repeat(94)}`, /101 characters; 100 are allowed/],
    ['Kafka: one thing\nand another', /second line is not blank/],
  ]
  for (const [message, fault] of bad) {
    test(`rejects ${JSON.stringify(message)}`, () => assert.match(faultsOf(message).join(), fault))
  }
})
