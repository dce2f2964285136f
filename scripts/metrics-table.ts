// The table of metrics in docs/metrics.md, from the registry itself.
import { renderTable } from './render-table.ts'
import { prefix } from '../src/observe/metrics/figures.ts'
import { metricsOf } from '../src/observe/metrics/metrics.ts'
import { telemetryOf } from '../test/observe/worker.ts'

interface Registered {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly labelNames: readonly string[]
}

const rowOf = ({ name, type, help, labelNames }: Registered): string[] => [
  `\`${name}\``,
  type,
  labelNames.map(label => `\`${label}\``).join(', '),
  help,
]

/** A Markdown table with name, type, labels and meaning. */
export const renderMetricsTable = (): string => {
  const registered = metricsOf(telemetryOf()).getMetricsAsArray() as unknown as Registered[]
  const ours = registered.filter(({ name }) => name.startsWith(prefix))
  return renderTable([['metric', 'type', 'labels', 'meaning'], ...ours.map(rowOf)])
}
