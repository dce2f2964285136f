/**
 * Counts values by bounds, in plain numbers: cheap enough for every record. Values of one batch tend to fall between
 * the same two bounds, so the search begins where the last one ended.
 */
export class Histogram {
  /** Rising upper bounds, each inclusive; above the last there is no bound. */
  readonly bounds: readonly number[]
  /** How many values fell below each bound and above the one before; the last is for those above all bounds. */
  readonly counts: number[]
  sum = 0
  count = 0
  #last = 0

  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.counts = new Array<number>(bounds.length + 1).fill(0)
  }

  observe(value: number): void {
    const { bounds, counts } = this
    let at = this.#last
    while (at > 0 && value <= (bounds[at - 1] ?? -Infinity)) at -= 1
    while (value > (bounds[at] ?? Infinity)) at += 1
    this.#last = at
    counts[at] = (counts[at] ?? 0) + 1
    this.sum += value
    this.count += 1
  }

  /** What is there now, to be compared with later. */
  snapshot(): Snapshot {
    return { counts: [...this.counts], sum: this.sum, count: this.count }
  }
}

/** A histogram at one moment. */
export interface Snapshot {
  readonly counts: readonly number[]
  readonly sum: number
  readonly count: number
}

/** What came between two moments of one histogram. */
export const between = (earlier: Snapshot, later: Snapshot): Snapshot => ({
  counts: later.counts.map((count, at) => count - (earlier.counts[at] ?? 0)),
  sum: later.sum - earlier.sum,
  count: later.count - earlier.count,
})

/** The mean, or undefined of nothing. */
export const meanOf = ({ sum, count }: Snapshot): number | undefined => (count === 0 ? undefined : sum / count)

/**
 * The value that the share `q` of all values does not exceed, by a straight line between two bounds; undefined of
 * nothing. What lies above all bounds counts as the last bound.
 */
export const quantile = ({ counts, count }: Snapshot, bounds: readonly number[], q: number): number | undefined => {
  if (count === 0) return undefined
  const rank = q * count
  let below = 0
  for (const [at, here] of counts.entries()) {
    if (here > 0 && below + here >= rank) {
      const lower = bounds[at - 1] ?? 0
      const upper = bounds[at] ?? lower
      return lower + ((upper - lower) * (rank - below)) / here
    }
    below += here
  }
  return bounds.at(-1)
}
