import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'

// The second run of these tests, on another version of Node, takes fewer.
const schedules = Number(process.env['SCHEDULES'] ?? 250)

/** All of these must happen, because a schedule without them proves nothing about them. */
const whatHappens = [
  'another worker',
  'clock set ahead',
  'clock set back',
  'control records only',
  'crash',
  'crash before the join',
  'crash during a join',
  'error 1 of a partition',
  'error 6 of a partition',
  'forgotten at a commit',
  'no leader',
  're-join',
  'session expired',
  'stale fetch',
  'suspended',
  'unconfirmed',
  'undecodable',
]

test(`no commit passes a record that is not written, through faults, rejoins and crashes: ${schedules} random schedules`, async () => {
  const thread = new Worker(new URL('./schedules.js', import.meta.url), { workerData: schedules })
  const [seen] = (await once(thread, 'message')) as [ReadonlyMap<string, number>]
  for (const what of whatHappens) {
    assert.ok((seen.get(what) ?? 0) >= schedules * 0.06, `${what}: ${seen.get(what) ?? 0} times`)
  }
})
