import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StallWatch } from '../../src/observe/health/stall.ts'

const stallMs = 100

/** One look: the time, the progress until then, whether there is work, and until when a wait lasts. */
type Look = [now: number, moved: number, hasWork: boolean, quietUntil?: number]

const after = (...looks: Look[]): StallWatch => {
  const watch = new StallWatch(stallMs, 0)
  for (const [now, moved, hasWork, quietUntil = 0] of looks) watch.look({ moved, hasWork, quietUntil }, now)
  return watch
}

describe('a worker counts as stalled', () => {
  const cases: [name: string, looks: Look[], now: number, stalled: number | undefined][] = [
    [
      'if there is no progress although there is work to do',
      [
        [0, 1, true],
        [101, 1, true],
      ],
      101,
      101,
    ],
    [
      'not before the timeout',
      [
        [0, 1, true],
        [100, 1, true],
      ],
      100,
      undefined,
    ],
    [
      'not with any progress',
      [
        [0, 1, true],
        [90, 2, true],
        [180, 3, true],
      ],
      190,
      undefined,
    ],
    [
      'not without work',
      [
        [0, 1, true],
        [500, 1, false],
      ],
      550,
      undefined,
    ],
    [
      'counted from the time when there was work',
      [
        [0, 1, false],
        [500, 1, false],
        [501, 1, true],
        [560, 1, true],
      ],
      601,
      101,
    ],
    [
      'not during the wait for a fault to pass',
      [
        [0, 1, true],
        [50, 2, true, 400],
        [400, 2, true, 400],
      ],
      450,
      undefined,
    ],
    [
      'if the next retry never returns',
      [
        [0, 1, true],
        [50, 2, true, 400],
        [501, 2, true, 400],
      ],
      501,
      101,
    ],
  ]
  for (const [name, looks, now, stalled] of cases) {
    test(name, () => assert.equal(after(...looks).stalledFor(now), stalled))
  }

  test('no longer once it progresses again', () => {
    const watch = after([0, 1, true], [300, 1, true])
    assert.equal(watch.stalledFor(300), 300)
    watch.look({ moved: 2, hasWork: true, quietUntil: 0 }, 301)
    assert.equal(watch.stalledFor(302), undefined)
  })
})
