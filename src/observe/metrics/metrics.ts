import prometheus, { type Registry } from 'prom-client'
import { steps } from '../../model/step.ts'
import { auditFigures } from '../audit-result.ts'
import { type Counts, faultKinds, timedSteps } from './counts.ts'
import { type Figure, type Figures, figuresOf } from './figures.ts'
import { deadBecause, unreadyBecause } from '../health/health.ts'
import { type Telemetry } from '../telemetry.ts'
import { lagOf } from '../partitions.ts'
import { serverNames } from '../health/servers.ts'
import { healthOf } from '../health/worker-health.ts'

const byLabel = (label: string, numbers: Readonly<Record<string, number>>): Figure[] =>
  Object.entries(numbers).map(([name, value]) => ({ labels: { [label]: name }, value }))

const flag = (truth: boolean | undefined): number => (truth === true ? 1 : 0)

const records = ({ counter, gauge }: Figures, { events, bound }: Telemetry): void => {
  const { counts } = events
  counter('records_read_total', 'Records read from the topic.', () => counts.read)
  counter('records_written_total', 'Records whose row is in the table.', () => counts.settled.written)
  counter(
    'records_superseded_total',
    'Records not written because a later record in the same batch replaces their row.',
    () => counts.settled.superseded,
  )
  counter(
    'records_dead_lettered_total',
    'Records published to the dead-letter topic.',
    () => byLabel('reason', counts.deadLetters),
    'reason',
  )
  gauge('in_flight_records', 'Records read and not yet settled.', () => events.inFlight.records)
  gauge('in_flight_bytes', 'Bytes of the records in flight.', () => events.inFlight.bytes)
  gauge('in_flight_limit_records', 'Records in flight at which reading pauses.', () => bound.records)
  gauge('in_flight_limit_bytes', 'Bytes in flight at which reading pauses.', () => bound.bytes)
}

const reading = ({ counter, gauge }: Figures, { events }: Telemetry): void => {
  const { counts, partitions } = events
  gauge('assigned_partitions', 'Partitions assigned to this worker.', () => partitions.states.length)
  gauge(
    'partition_lag_records',
    'Records of an assigned partition that have not been read yet.',
    () =>
      partitions.states.flatMap(state => {
        const value = lagOf(state)
        return value === undefined ? [] : [{ labels: { partition: String(state.partition) }, value }]
      }),
    'partition',
  )
  gauge(
    'partition_position_offset',
    'The next offset to read in an assigned partition.',
    () =>
      partitions.states.flatMap(({ partition, position }) =>
        position === undefined ? [] : [{ labels: { partition: String(partition) }, value: position }],
      ),
    'partition',
  )
  gauge(
    'partition_waiting',
    '1 for each assigned partition that waits while the others continue; the log says why.',
    () => [...partitions.waiting.keys()].map(partition => ({ labels: { partition: String(partition) }, value: 1 })),
    'partition',
  )
  gauge(
    'paused_partitions',
    'Assigned partitions that are paused, because records in flight reached their limit or because of a fault.',
    () =>
      (['in-flight', 'fault'] as const).map(reason => ({
        labels: { reason },
        value: events.heldBack === reason ? partitions.states.length : 0,
      })),
    'reason',
  )
  counter('pauses_total', 'Number of times reading was paused.', () => counts.pauses)
  counter('rebalances_total', 'Assignments of partitions to this worker.', () => counts.rebalances)
  counter('consumer_restarts_total', 'Restarts of the consumer after a fault.', () => counts.restarts)
  counter('commits_total', 'Commits of offsets.', () => counts.commits)
  counter(
    'records_skipped_by_retention_total',
    'Records that retention removed before they were read.',
    () => counts.skippedByRetention,
  )
}

const faults = ({ counter, gauge }: Figures, telemetry: Telemetry): void => {
  const { events, servers } = telemetry
  const retries = (): Figure[] =>
    steps.flatMap(step =>
      faultKinds.map(kind => ({ labels: { step, kind }, value: events.counts.retries[step][kind] })),
    )
  counter('retries_total', 'Faults that were followed by a retry.', retries, 'step', 'kind')
  gauge(
    'fault_wait_seconds',
    'How long a step has been waiting for a fault to pass; 0 if it is not waiting.',
    () =>
      steps.map(step => {
        const since = events.troubles.get(step)?.since
        return { labels: { step }, value: since === undefined ? 0 : (telemetry.now() - since) / 1000 }
      }),
    'step',
  )
  gauge(
    'server_up',
    'Whether the server answered the last probe.',
    () => serverNames.map(server => ({ labels: { server }, value: flag(servers.answer(server)?.usable) })),
    'server',
  )
  gauge('ready', 'Whether /ready answers 200.', () => flag(unreadyBecause(healthOf(telemetry)).length === 0))
  gauge('stalled', 'Whether /live fails.', () => flag(deadBecause(healthOf(telemetry)) !== undefined))
}

const times = ({ histogram }: Figures, counts: Counts): void => {
  histogram('batch_rows', 'Rows in a write.', [[{}, counts.batchRows]])
  histogram('write_duration_seconds', 'Duration of a successful write.', [[{}, counts.writeSeconds]])
  histogram('end_to_end_duration_seconds', "Time from a record's timestamp to its row being written.", [
    [{}, counts.endToEndSeconds],
  ])
  histogram(
    'step_duration_seconds',
    'Time that a record takes in a step, sampled: one record in 64.',
    timedSteps.map(step => [{ step }, counts.stepSeconds[step]]),
  )
}

const driver = ({ counter, gauge }: Figures, { driver: figures, events }: Telemetry): void => {
  gauge('cassandra_hosts', 'Cassandra nodes that the driver is connected to.', () => figures.state()?.hosts ?? 0)
  gauge('cassandra_connections', 'Connections to Cassandra.', () => figures.state()?.connections ?? 0)
  gauge('cassandra_requests_in_flight', 'Requests without a response yet.', () => figures.state()?.inFlight ?? 0)
  gauge(
    'cassandra_slow_node',
    '1 for each Cassandra node that does not answer in time.',
    () => [...events.slowNodes].map(node => ({ labels: { node }, value: 1 })),
    'node',
  )
  counter(
    'cassandra_speculative_executions_total',
    'Requests sent to a second node because the first did not answer in time.',
    () => figures.speculativeExecutions,
  )
  counter('cassandra_responses_total', 'Responses from Cassandra, including errors.', () => figures.responses)
  counter('cassandra_errors_total', 'Errors that the driver saw.', () => byLabel('kind', figures.errors), 'kind')
  counter(
    'cassandra_retries_total',
    'Requests that the driver retried by itself.',
    () => byLabel('kind', figures.retries),
    'kind',
  )
}

const audits = ({ gauge }: Figures, { audited }: Telemetry): void => {
  for (const [name, help, valueOf] of auditFigures) {
    gauge(name, help, () => {
      const result = audited()
      return result === undefined ? [] : [{ value: valueOf(result) }]
    })
  }
}

/**
 * A registry of all metrics for Prometheus. They are read in one turn of the event loop, so every scrape has exactly
 * read = written + superseded + dead-lettered + in flight.
 */
export const metricsOf = (telemetry: Telemetry): Registry => {
  const registry = new prometheus.Registry()
  const figures = figuresOf(registry)
  registry.setDefaultLabels({ stream: telemetry.stream })
  figures.gauge(
    'info',
    'Always 1; the version is a label.',
    () => [{ labels: { version: telemetry.version }, value: 1 }],
    'version',
  )
  records(figures, telemetry)
  reading(figures, telemetry)
  times(figures, telemetry.events.counts)
  faults(figures, telemetry)
  driver(figures, telemetry)
  audits(figures, telemetry)
  figures.counter(
    'log_lines_dropped_total',
    'Log lines dropped because the output was blocked or failed.',
    () => telemetry.log.linesDropped,
  )
  return registry
}

/** Adds the metrics of the Node process: CPU, memory, event-loop delay, garbage collection. */
export const withProcessFigures = (registry: Registry): Registry => {
  // A timer measures the delay. With the default of 10 ms it would wake an idle process a hundred times a second.
  prometheus.collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 })
  return registry
}
