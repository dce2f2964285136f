import { type Counter, type Gauge, type Registry } from 'prom-client'
import prometheus from 'prom-client'
import { type Histogram } from './histogram.ts'

/** A value with its labels, whose values come from bounded sets. */
export interface Figure {
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
}

type Read = () => number | readonly Figure[]

/** Adds metrics to a registry. Their values are read at each scrape, all in one turn of the event loop. */
export interface Figures {
  readonly counter: (name: string, help: string, read: Read, ...labels: string[]) => void
  readonly gauge: (name: string, help: string, read: Read, ...labels: string[]) => void
  readonly histogram: (
    name: string,
    help: string,
    of: readonly (readonly [Record<string, string>, Histogram])[],
  ) => void
}

export const prefix = 'sunbird_streams_'

const listed = (figures: number | readonly Figure[]): readonly Figure[] =>
  typeof figures === 'number' ? [{ value: figures }] : figures

type Sample = { readonly metricName: string } & Required<Figure>

const samplesOf = (name: string, labels: Readonly<Record<string, string>>, histogram: Histogram): Sample[] => {
  let below = 0
  const buckets = histogram.counts.map((count, at) => {
    below += count
    return {
      metricName: `${name}_bucket`,
      labels: { ...labels, le: String(histogram.bounds[at] ?? '+Inf') },
      value: below,
    }
  })
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: histogram.sum },
    { metricName: `${name}_count`, labels, value: histogram.count },
  ]
}

/** Adds metrics with the prefix to this registry. */
export const figuresOf = (registry: Registry): Figures => ({
  counter: (name, help, read, ...labelNames) => {
    const collect = function (this: Counter): void {
      this.reset()
      for (const { labels = {}, value } of listed(read())) this.inc(labels, value)
    }
    new prometheus.Counter({ name: prefix + name, help, labelNames, registers: [registry], collect })
  },
  gauge: (name, help, read, ...labelNames) => {
    const collect = function (this: Gauge): void {
      this.reset()
      for (const { labels = {}, value } of listed(read())) this.set(labels, value)
    }
    new prometheus.Gauge({ name: prefix + name, help, labelNames, registers: [registry], collect })
  },
  // prom-client's histogram hashes labels for every record. Ours is an array that prom-client only prints.
  histogram: (short, help, of) => {
    const name = prefix + short
    const get = () => {
      const values = of.flatMap(([labels, histogram]) => samplesOf(name, labels, histogram))
      return Promise.resolve({ name, help, type: 'histogram', values, aggregator: 'sum' })
    }
    const labelNames = Object.keys(of[0]?.[0] ?? {})
    registry.registerMetric({
      name,
      help,
      type: 'histogram',
      labelNames,
      get,
      reset: () => undefined,
    } as unknown as Gauge)
  },
})
