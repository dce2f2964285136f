import { type Scene } from './scene.ts'

/** The numbers of published and of committed messages at one moment. */
export interface Sample {
  readonly time: number
  readonly published: number
  readonly committed: number
}

/** Milliseconds from publishing to commit, of messages published between `from` and `to`. */
export interface CommitLatency {
  readonly p50: number
  readonly p99: number
  /** Committed messages a second, between the first and the last sample. */
  readonly rate: number
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN

/**
 * Estimates latencies by counting: the nth published message is assumed to be the nth committed one. A message that is not
 * committed at the last sample counts with its waiting time so far. The precision is the time between two samples.
 */
export const latencyOf = (samples: readonly Sample[], from: number, to: number): CommitLatency => {
  const latencies: number[] = []
  const end = samples.at(-1)?.time ?? to
  let at = 0
  for (const [index, { time, published }] of samples.entries()) {
    const before = samples[index - 1]?.published
    if (before === undefined || time <= from || time > to) continue
    for (let message = before + 1; message <= published; message += 1) {
      while (at < samples.length && (samples[at]?.committed ?? Infinity) < message) at += 1
      latencies.push((samples[at]?.time ?? end) - time)
    }
  }
  latencies.sort((a, b) => a - b)
  const during = samples.filter(({ time }) => time >= from && time <= to)
  const [first, last] = [during[0], during.at(-1)]
  const rate =
    first === undefined || last === undefined || first === last
      ? NaN
      : ((last.committed - first.committed) * 1000) / (last.time - first.time)
  return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), rate }
}

interface Sampling {
  stop(): Promise<void>
}

/** Repeats `sample` until `stop`. */
const sampling = (scene: Scene, sample: () => Promise<void>): Sampling => {
  const stopping = new AbortController()
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await sample().catch(() => undefined)
      await scene.pass(0.05)
    }
  })()
  return {
    stop: () => {
      stopping.abort()
      return running
    },
  }
}

/** Takes samples until `stop`. The load must be the only one of its topic. */
export const sampleCommits = (scene: Scene): Sampling & { readonly samples: Sample[] } => {
  const samples: Sample[] = []
  const sample = async (): Promise<void> => {
    const committed = await scene.committed()
    samples.push({ time: Date.now(), published: scene.published, committed })
  }
  return { samples, ...sampling(scene, sample) }
}

/** The same for each partition by itself. */
export const samplePartitions = (scene: Scene, count: number): Sampling & { readonly partitions: Sample[][] } => {
  const partitions = Array.from({ length: count }, (): Sample[] => [])
  const sample = async (): Promise<void> => {
    for (const { partition, committed, high } of await scene.partitionOffsets()) {
      partitions[partition]?.push({ time: Date.now(), published: high, committed: Math.max(0, committed) })
    }
  }
  return { partitions, ...sampling(scene, sample) }
}
