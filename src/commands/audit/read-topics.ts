import { type Taken } from '../../kafka/fetch/fetched.ts'
import { type Span } from '../../kafka/spans.ts'
import { type Events } from './read-events.ts'
import { type Letters } from './read-letters.ts'

/** Visits one span of a topic; see kafka/read-span.ts. */
export type ReadSpan = (span: Span, visit: (taken: Taken) => void) => Promise<void>

/** Reports progress, from 0 to 1. */
export type OnPart = (part: number) => void

const lengthOf = (spans: readonly Span[]): number => spans.reduce((sum, { from, to }) => sum + to - from, 0)

const counted = (spans: readonly Span[], onPart: OnPart) => {
  const length = lengthOf(spans)
  let read = 0
  return (taken: Taken): void => {
    read += taken.kind === 'records' ? taken.messages.length : 1
    onPart(Math.min(1, read / length))
  }
}

/** Reads the whole dead-letter topic. */
export const readLetters = async (
  read: ReadSpan,
  spans: readonly Span[],
  letters: Letters,
  onPart: OnPart,
): Promise<void> => {
  const count = counted(spans, onPart)
  for (const span of spans) {
    let isFirst = span.from > 0
    if (isFirst && span.from === span.to) letters.begins(undefined)
    await read(span, taken => {
      count(taken)
      if (taken.kind === 'undecodable') return
      for (const message of taken.messages) {
        if (message.offset >= span.to) break
        if (isFirst) letters.begins(message)
        isFirst = false
        letters.take(span.partition, message)
      }
    })
  }
}

/** Reads the events of these spans. @param isLater whether they are after the end of the audited range */
export const readEvents = async (
  read: ReadSpan,
  spans: readonly Span[],
  events: Events,
  isLater: boolean,
  onPart: OnPart,
): Promise<void> => {
  const count = counted(spans, onPart)
  for (const span of spans) {
    const visit = events.visit(span, isLater)
    await read(span, taken => {
      count(taken)
      visit(taken)
    })
  }
}
