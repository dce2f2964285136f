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
 * called when all of them are written. If the output fails, lines are discarded, `discarded` is called with their number, and
 * nothing throws. The stream finishes when its last line is written.
 */
export const boundedOutput = (out: Writable, flows: () => void, discarded: (lines: number) => void): Output => {
  const put = (text: Buffer, lines: number, done: () => void): void => {
    const tried = (error?: Error | null): void => {
      if (error != null) discarded(lines)
      done()
    }
    // A failed stream may never call back.
    if (out.errored === null) out.write(text, tried)
    else tried(out.errored)
  }
  const stream = new Writable({
    highWaterMark: waitingBytes,
    write: (line: Buffer, _encoding, done) => put(line, 1, done),
    writev: (lines, done) => put(Buffer.concat(lines.map(({ chunk }) => chunk as Buffer)), lines.length, done),
  })
  // The reader has gone, or the disk is full. The worker continues without its log.
  out.on('error', () => undefined)
  stream.on('drain', flows)
  return {
    stream,
    get hasRoom() {
      return !stream.writableNeedDrain
    },
  }
}
