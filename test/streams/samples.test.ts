import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { show } from '../../src/commands/preview/show.ts'
import { loadStream, streamNames } from '../../src/stream/load.ts'
import { readSamples } from './samples.ts'

for (const name of await streamNames()) {
  const stream = await loadStream(name)
  const samples = await readSamples(name)

  describe(`the samples of ${name}`, () => {
    test('show rows as well as dead letters', () => {
      assert.ok(samples.some(({ expected }) => 'row' in expected))
      assert.ok(samples.some(({ expected }) => 'deadLetter' in expected))
    })

    for (const { name: sample, value, expected } of samples) {
      test(sample.replaceAll('-', ' '), () => assert.deepEqual(show(stream, value), expected))
    }
  })
}
