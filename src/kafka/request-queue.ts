import internal from 'kafkajs/src/network/requestQueue/index.js'

interface RequestQueue {
  readonly pending: readonly unknown[]
  scheduleCheckPendingRequests(): void
}

const { prototype } = internal as { prototype: RequestQueue }
// oxlint-disable-next-line typescript/unbound-method -- called with its queue below
const schedule = prototype.scheduleCheckPendingRequests

/**
 * Stops the client's timer for pending requests while there are none. The client sets it to a negative delay, which means a
 * millisecond. So each connection wakes the process a thousand times a second (2.2.4; tulios/kafkajs#1556, #1704), and Node
 * 24 warns about it (#1751).
 */
export const restWhileNothingIsPending = (): void => {
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0) schedule.call(this)
  }
}
