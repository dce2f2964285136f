import { type Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Stream } from '../../stream/definition.ts'
import { NoInput } from '../usage-error.ts'
import { splitLines } from './lines.ts'
import { show } from './show.ts'

const oneALine =
  'the input looks like one event over several lines, and preview reads one event a line: make it so with jq -c . FILE'

// So begins a document that is printed for people.
const isOpen = (line: string): boolean => /^[{[]/.test(line) && /[{[,]\s*$/.test(line)

/** Prints one line of JSON for each line of the input; an empty line is a message of zero bytes. @throws NoInput */
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
