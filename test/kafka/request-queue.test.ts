import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { describe, mock, test } from 'node:test'
import { restWhileNothingIsPending } from '../../src/kafka/request-queue.ts'

interface Entry {
  readonly correlationId: number
}

interface RequestQueue {
  throttledUntil: number
  throttleCheckTimeoutId: unknown
  push(request: { entry: Entry; expectResponse: boolean; sendRequest: () => void }): void
  checkPendingRequests(): void
}

type Queue = new (options: object) => RequestQueue

const load = createRequire(import.meta.url)
const module = 'kafkajs/src/network/requestQueue'

/** A copy of the client's class that nobody has patched: other tests in this process may have patched the shared one. */
const unpatched = (): Queue => {
  const path = load.resolve(module)
  const { [path]: shared } = load.cache
  Reflect.deleteProperty(load.cache, path)
  try {
    return load(module) as Queue
  } finally {
    load.cache[path] = shared
  }
}

const newQueue = (Class = load(module) as Queue): RequestQueue =>
  new Class({ requestTimeout: 1000, logger: { debug: () => undefined } })

describe('the requests that a connection has to send', () => {
  test('are checked by the unpatched client every millisecond, even if there are none', () => {
    const queue = newQueue(unpatched())
    queue.checkPendingRequests()
    assert.notEqual(queue.throttleCheckTimeoutId, null)
    clearTimeout(queue.throttleCheckTimeoutId as NodeJS.Timeout)
  })

  test('need no timer while there are none, and are sent when the broker allows it', () => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1000 })
    try {
      restWhileNothingIsPending()
      const queue = newQueue()
      queue.checkPendingRequests()
      assert.equal(queue.throttleCheckTimeoutId, null)
      let sent = 0
      queue.throttledUntil = 1500
      queue.push({ entry: { correlationId: 1 }, expectResponse: true, sendRequest: () => (sent += 1) })
      mock.timers.tick(499)
      assert.equal(sent, 0)
      mock.timers.tick(11)
      assert.equal(sent, 1)
      assert.equal(queue.throttleCheckTimeoutId, null)
    } finally {
      mock.timers.reset()
    }
  })
})
