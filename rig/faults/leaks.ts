import { marker } from './load.ts'
import { type TopicMessage } from './topic-reader.ts'

/** Everything of a worker that others than the table's readers may see. */
interface Printed {
  /** Its log and its error texts. */
  readonly output: string
  /** Its metrics and its other pages, by path. */
  readonly served: ReadonlyMap<string, string>
}

/**
 * The places where personal data was seen, a name each. It must be nowhere but in the table and in a message's own bytes.
 */
export const leaks = (workers: readonly Printed[], deadLetters: readonly Pick<TopicMessage, 'headers'>[]): string[] => [
  ...workers.flatMap(({ output, served }, index) =>
    [['output', output] as const, ...served]
      .filter(([, text]) => text.includes(marker))
      .map(([place]) => `${place} of worker ${index + 1}`),
  ),
  ...deadLetters
    .filter(({ headers }) => [...headers].flat().some(text => text.includes(marker)))
    .map((_, index) => `headers of dead letter ${index + 1}`),
]
