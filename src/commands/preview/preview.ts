import { type Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Stream } from '../../stream/definition.ts'
import { splitLines } from './lines.ts'
import { show } from './show.ts'

/** Prints one line of JSON for each line of the input; an empty line is a message of zero bytes. */
export const previewLines = async (stream: Stream, input: Readable, output: Writable): Promise<void> => {
  const previews = async function* (lines: AsyncIterable<Buffer>) {
    for await (const line of lines) yield `${JSON.stringify(show(stream, line))}\n`
  }
  await pipeline(input, splitLines, previews, output, { end: false })
}
