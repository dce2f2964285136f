import { Writable } from 'node:stream'

/** How much may wait for an output that does not take it, in bytes. */
export const waitingBytes = 1_048_576

/** Lines on their way out. */
export interface Output {
  /** False while too much waits already: the line would be refused. */
  readonly hasRoom: boolean
  readonly stream: Writable
}

/**
 * Puts a bound in front of an output that may be blocked for long or closed by its reader: at most `waitingBytes` wait,
 * and `flows` is called when all of them are out. An output that fails swallows what it is given; it never throws.
 * The stream finishes when its last line is out.
 */
export const boundedOutput = (out: Writable, flows: () => void): Output => {
  const put = (lines: Buffer, done: () => void): void => {
    // A stream that has failed may keep what it is given and never call back.
    if (out.errored === null) out.write(lines, () => done())
    else done()
  }
  const stream = new Writable({
    highWaterMark: waitingBytes,
    write: (line: Buffer, _encoding, done) => put(line, done),
    writev: (lines, done) => put(Buffer.concat(lines.map(({ chunk }) => chunk as Buffer)), done),
  })
  // The reader is gone (EPIPE): the worker goes on without its log.
  out.on('error', () => undefined)
  stream.on('drain', flows)
  return {
    stream,
    get hasRoom() {
      return !stream.writableNeedDrain
    },
  }
}
