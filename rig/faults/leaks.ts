import { marker } from './load.ts'
import { type TopicMessage } from './topic-reader.ts'

/** Everything of a worker that is visible outside the table. */
interface Printed {
  /** Its log and its error texts. */
  readonly output: string
  /** Its metrics and its other pages, by path. */
  readonly served: ReadonlyMap<string, string>
}

/**
 * The places that contain personal data. It must only be in the table and in the message itself.
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
