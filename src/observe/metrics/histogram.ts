/**
 * A histogram of plain numbers, cheap enough for every record. Values of one batch tend to fall into the same bucket, so the
 * search starts at the last one.
 */
export class Histogram {
  /** Inclusive upper bounds, in rising order. The last bucket has none. */
  readonly bounds: readonly number[]
  /** The number of values in each bucket, and above all bounds. */
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

  /** The current state, for a later comparison. */
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

/** The values between two snapshots of a histogram. */
export const between = (earlier: Snapshot, later: Snapshot): Snapshot => ({
  counts: later.counts.map((count, at) => count - (earlier.counts[at] ?? 0)),
  sum: later.sum - earlier.sum,
  count: later.count - earlier.count,
})

/** The mean; undefined if there are no values. */
export const meanOf = ({ sum, count }: Snapshot): number | undefined => (count === 0 ? undefined : sum / count)

/**
 * The quantile `q`, interpolated linearly within a bucket; undefined if there are no values. Values above all bounds count as
 * the last bound.
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
