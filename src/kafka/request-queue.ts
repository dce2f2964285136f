import { createRequire } from 'node:module'

interface RequestQueue {
  readonly pending: readonly unknown[]
  scheduleCheckPendingRequests(): void
}

const load = createRequire(import.meta.url)
const { prototype } = load('kafkajs/src/network/requestQueue') as { prototype: RequestQueue }
// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with the queue that it is meant for
const schedule = prototype.scheduleCheckPendingRequests

/**
 * Lets the client rest. It looks after requests that wait to be sent in a timer of its own, also when none waits, and
 * sets that timer to a negative time, which is a millisecond: each connection wakes the process a thousand times a second
 * (2.2.4; tulios/kafkajs#1556, #1704), and Node 24 warns of it (#1751).
 */
export const restWhileNothingIsPending = (): void => {
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0) schedule.call(this)
  }
}
