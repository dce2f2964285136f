import { Counts } from '../../src/observe/metrics/counts.ts'
import { metricsOf, withProcessFigures } from '../../src/observe/metrics/metrics.ts'
import { type Telemetry } from '../../src/observe/telemetry.ts'

/** What stands behind a histogram's or a summary's name in what is scraped. */
const suffixes: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
  counter: [''],
  gauge: [''],
}

// Names do not need a running worker: figures are read only when they are scraped.
const idle = { stream: 'any', events: { counts: new Counts() }, driver: {}, log: {} } as unknown as Telemetry

/** The series' names of a worker, each with the metric that it belongs to. */
export const seriesNames = (): Map<string, string> =>
  new Map(
    withProcessFigures(metricsOf(idle))
      .getMetricsAsArray()
      .flatMap(({ name, type }) =>
        (suffixes[String(type)] ?? ['', ...(suffixes['histogram'] ?? [])]).map((suffix): [string, string] => [
          name + suffix,
          name,
        ]),
      ),
  )

/** The series that a query in Prometheus's language names. */
export const seriesOf = (query: string): string[] =>
  [...query.matchAll(/\b(sunbird_streams|nodejs|process)_\w+/g)].map(([name]) => name)
