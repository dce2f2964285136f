import { type Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Stream } from '../../stream/definition.ts'
import { NoInput } from '../usage-error.ts'
import { splitLines } from './lines.ts'
import { show } from './show.ts'

const oneALine =
  'the input looks like one event on several lines, but preview reads one event a line: convert it with jq -c . FILE'

// The first line of a pretty-printed document.
const isOpen = (line: string): boolean => /^[{[]/.test(line) && /[{[,]\s*$/.test(line)

/** Prints a line of JSON for each line of the input. An empty line is a message of zero bytes. @throws NoInput */
export const previewLines = async (stream: Stream, input: Readable, output: Writable): Promise<void> => {
  const previews = async function* (lines: AsyncIterable<Buffer>) {
    let first = true
    for await (const line of lines) {
      if (first && isOpen(line.toString())) throw new NoInput(oneALine)
      first = false
      yield `${JSON.stringify(show(stream, line))}\n`
    }
  }
  await pipeline(input, splitLines, previews, output, { end: false })
}
