import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { type SchedulerLike, Subscription } from 'rxjs'
import { type CassandraProbe } from '../../cassandra/probe.ts'
import { DriverCounts } from '../../cassandra/driver-counts.ts'
import { type Configuration } from '../../config/load.ts'
import { type TopicEnds } from '../../kafka/ends.ts'
import { type AuditResult, readAuditResult } from '../../observe/audit-result.ts'
import { loadAssets, packageVersion } from '../../observe/http/assets.ts'
import { type Events } from '../../observe/events.ts'
import { History } from '../../observe/page/history.ts'
import { serve } from '../../observe/http/http.ts'
import { type OpenLog } from '../../observe/log/log.ts'
import { metricsOf, withProcessFigures } from '../../observe/metrics/metrics.ts'
import { type Telemetry } from '../../observe/telemetry.ts'
import { routesOf } from '../../observe/http/routes.ts'
import { Servers } from '../../observe/health/servers.ts'
import { StallWatch } from '../../observe/health/stall.ts'
import { keepProbing, keepWatching } from '../../observe/health/watching.ts'
import { type Stream } from '../../stream/definition.ts'

/** Serves metrics, probes and the page of a worker over HTTP. */
export interface TelemetryServer {
  /** The driver's counters. */
  readonly driver: DriverCounts
  /** Starts to probe both servers. `stopProbing` closes `ends`. */
  probe(ends: TopicEnds, cassandra: CassandraProbe): void
  stopProbing(): Promise<void>
  /** Stops serving. */
  close(): Promise<void>
}

const auditedIn = (file: string | undefined, stream: string): AuditResult | undefined => {
  if (file === undefined) return undefined
  try {
    return readAuditResult(readFileSync(file, 'utf8'), stream)
  } catch {
    // No audit has ended yet.
    return undefined
  }
}

/**
 * Starts to serve metrics, probes and the live page.
 *
 * @throws Error that names the settings if the server cannot listen on the address
 */
export const serveTelemetry = async (
  stream: Stream,
  { settings, inForce }: Pick<Configuration, 'settings' | 'inForce'>,
  events: Events,
  log: OpenLog,
  clock: SchedulerLike,
): Promise<TelemetryServer> => {
  const { kafka: kafkaSettings, cassandra, probes, http } = settings
  const counts = new DriverCounts()
  const running = new Subscription()
  let connected: CassandraProbe | undefined
  let stopProbing = (): Promise<void> => Promise.resolve()
  const telemetry: Telemetry = {
    stream: stream.name,
    version: await packageVersion(),
    instance: hostname(),
    startedAt: clock.now(),
    topic: kafkaSettings.topic,
    deadLetterTopic: kafkaSettings.deadLetterTopic,
    group: kafkaSettings.groupId,
    table: `${cassandra.keyspace}.${cassandra.table}`,
    bound: settings.pipeline.inFlight,
    inForce,
    events,
    servers: new Servers(),
    history: new History(events.counts),
    stall: new StallWatch(probes.stallMs, clock.now()),
    driver: Object.assign(counts, { state: () => connected?.state() }),
    audited: () => auditedIn(settings.audit.resultFile, stream.name),
    log,
    now: () => clock.now(),
  }
  const server = await serve(
    routesOf(telemetry, withProcessFigures(metricsOf(telemetry)), await loadAssets()),
    http.host,
    http.port,
  )
  events.listening(server.url)
  running.add(keepWatching(telemetry, clock).subscribe())

  return {
    driver: counts,
    probe: (ends, cassandraProbe) => {
      connected = cassandraProbe
      const probeKafka = async (): Promise<void> => events.partitions.ended(await ends.probe())
      const probing = new Subscription()
      probing.add(keepProbing(telemetry, 'kafka', probeKafka, probes.intervalMs, clock).subscribe())
      probing.add(
        keepProbing(telemetry, 'cassandra', () => cassandraProbe.probe(), probes.intervalMs, clock).subscribe(),
      )
      stopProbing = () => {
        probing.unsubscribe()
        return ends.close()
      }
    },
    stopProbing: () => stopProbing(),
    close: () => {
      running.unsubscribe()
      return server.close()
    },
  }
}
