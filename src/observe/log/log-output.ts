import { Writable } from 'node:stream'

/** How many bytes may wait for a blocked output. */
export const waitingBytes = 1_048_576

/** A bounded buffer of lines. */
export interface Output {
  /** False while the buffer is full. */
  readonly hasRoom: boolean
  readonly stream: Writable
}

/**
 * Buffers lines for an output that may be blocked for long or closed by its reader. At most `waitingBytes` wait; `flows` is
 * called when all of them are written. If the output fails, lines are discarded, and nothing throws. The stream
 * finishes when its last line is written.
 */
export const boundedOutput = (out: Writable, flows: () => void): Output => {
  const put = (lines: Buffer, done: () => void): void => {
    // A failed stream may never call back.
    if (out.errored === null) out.write(lines, () => done())
    else done()
  }
  const stream = new Writable({
    highWaterMark: waitingBytes,
    write: (line: Buffer, _encoding, done) => put(line, done),
    writev: (lines, done) => put(Buffer.concat(lines.map(({ chunk }) => chunk as Buffer)), done),
  })
  // The reader has gone (EPIPE). The worker continues without its log.
  out.on('error', () => undefined)
  stream.on('drain', flows)
  return {
    stream,
    get hasRoom() {
      return !stream.writableNeedDrain
    },
  }
}
