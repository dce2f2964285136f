import { Counts } from '../../src/observe/metrics/counts.ts'
import { metricsOf, withProcessFigures } from '../../src/observe/metrics/metrics.ts'
import { type Telemetry } from '../../src/observe/telemetry.ts'

/** The suffixes of a histogram's and a summary's series. */
const suffixes: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
  counter: [''],
  gauge: [''],
}

// The names do not need a running worker, because values are read only at a scrape.
const idle = { stream: 'any', events: { counts: new Counts() }, driver: {}, log: {} } as unknown as Telemetry

/** The names of a worker's series, each with its metric. */
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

/** The series that a PromQL query names. */
export const seriesOf = (query: string): string[] =>
  [...query.matchAll(/\b(sunbird_streams|nodejs|process)_\w+/g)].map(([name]) => name)
