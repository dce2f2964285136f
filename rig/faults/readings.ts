/** The records of the probe in a worker; times are milliseconds since 1970. */
export type Note =
  | { readonly kind: 'sample'; readonly time: number; readonly rssMb: number; readonly stoppedMs: number }
  | {
      readonly kind: 'read'
      readonly time: number
      readonly partition: number
      readonly first: number
      readonly last: number
    }
  | { readonly kind: 'commit'; readonly time: number; readonly partition: number; readonly offset: number }

export interface Readings {
  /** Records that were delivered more than once, by any worker. */
  readonly redelivered: number
  /** Those of them that were already committed. */
  readonly repeatedBeyondWindow: number
  readonly rssMaxMb: number
  /** The longest time that a worker's own work blocked its event loop, in milliseconds. */
  readonly stoppedMaxMs: number
}

export const parseNotes = (text: string): Note[] =>
  text
    .split('\n')
    // The last line of a killed process may be incomplete.
    .filter(line => line.startsWith('{') && line.endsWith('}'))
    .map(line => JSON.parse(line) as Note)

const overlap = (first: number, last: number, from: number, to: number): number =>
  Math.max(0, Math.min(last, to) - Math.max(first, from) + 1)

const repeats = (
  notes: readonly Note[],
  partition: number,
  startsAnew: readonly number[],
): { redelivered: number; beyond: number } => {
  let read = -1
  let committed = 0
  let redelivered = 0
  let beyond = 0
  const starts = [...startsAnew].sort((a, b) => a - b)
  for (const note of notes) {
    while (note.time >= (starts[0] ?? Infinity)) {
      starts.shift()
      read = -1
      committed = 0
    }
    if (note.kind === 'sample' || note.partition !== partition) continue
    if (note.kind === 'commit') committed = Math.max(committed, note.offset)
    else {
      redelivered += overlap(note.first, note.last, 0, read)
      beyond += overlap(note.first, note.last, 0, committed - 1)
      read = Math.max(read, note.last)
    }
  }
  return { redelivered, beyond }
}

/**
 * Combines the records of all workers of a run, in any order.
 *
 * @param startsAnew when the topic was recreated or the group's offsets were reset; after that, all is read for the first time
 */
export const readingsOf = (notes: readonly Note[], startsAnew: readonly number[] = []): Readings => {
  const ordered = [...notes].sort((a, b) => a.time - b.time)
  const partitions = new Set(ordered.flatMap(note => (note.kind === 'sample' ? [] : [note.partition])))
  const byPartition = [...partitions].map(partition => repeats(ordered, partition, startsAnew))
  const samples = ordered.filter(note => note.kind === 'sample')
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  return {
    redelivered: sum(byPartition.map(({ redelivered }) => redelivered)),
    repeatedBeyondWindow: sum(byPartition.map(({ beyond }) => beyond)),
    rssMaxMb: Math.round(Math.max(0, ...samples.map(({ rssMb }) => rssMb))),
    stoppedMaxMs: Math.round(Math.max(0, ...samples.map(({ stoppedMs }) => stoppedMs))),
  }
}
