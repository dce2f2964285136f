import { hostname } from 'node:os'
import { type SchedulerLike, Subscription } from 'rxjs'
import { type Askable } from '../cassandra/ask.ts'
import { DriverCounts } from '../cassandra/driver-counts.ts'
import { type Configuration } from '../config/load.ts'
import { type TopicEnds } from '../kafka/ends.ts'
import { loadAssets, packageVersion } from '../observe/assets.ts'
import { type Events } from '../observe/events.ts'
import { History } from '../observe/history.ts'
import { serve } from '../observe/http.ts'
import { type OpenLog } from '../observe/log.ts'
import { metricsOf, withProcessFigures } from '../observe/metrics.ts'
import { type Observed } from '../observe/observed.ts'
import { routesOf } from '../observe/routes.ts'
import { Servers } from '../observe/servers.ts'
import { StallWatch } from '../observe/stall.ts'
import { keepAsking, keepWatching } from '../observe/watching.ts'
import { type Stream } from '../stream.ts'

/** What is told about a running worker, over HTTP. */
export interface Observing {
  /** To be handed to the driver, which counts in it. */
  readonly driver: DriverCounts
  /** From now on both servers are asked again and again; `stopAsking` closes the ends. */
  ask(ends: TopicEnds, cassandra: Askable): void
  stopAsking(): Promise<void>
  /** Nothing is served any more. */
  close(): Promise<void>
}

/**
 * Serves figures, probes and the live page before the servers are reached, and until all else is closed.
 *
 * @throws Error naming the settings when the address cannot be listened on.
 */
export const observe = async (
  stream: Stream,
  { settings, inForce }: Pick<Configuration, 'settings' | 'inForce'>,
  events: Events,
  log: OpenLog,
  clock: SchedulerLike,
): Promise<Observing> => {
  const { kafka: kafkaSettings, cassandra, probes, http } = settings
  const counts = new DriverCounts()
  const running = new Subscription()
  let connected: Askable | undefined
  let stopAsking = (): Promise<void> => Promise.resolve()
  const observed: Observed = {
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
    log,
    now: () => clock.now(),
  }
  const server = await serve(
    routesOf(observed, withProcessFigures(metricsOf(observed)), await loadAssets()),
    http.host,
    http.port,
  )
  events.listening(server.url)
  running.add(keepWatching(observed, clock).subscribe())

  return {
    driver: counts,
    ask: (ends, askable) => {
      connected = askable
      const askKafka = async (): Promise<void> => events.partitions.ended(await ends.ask())
      const asking = new Subscription()
      asking.add(keepAsking(observed, 'kafka', askKafka, probes.intervalMs, clock).subscribe())
      asking.add(keepAsking(observed, 'cassandra', () => askable.ask(), probes.intervalMs, clock).subscribe())
      stopAsking = () => {
        asking.unsubscribe()
        return ends.close()
      }
    },
    stopAsking: () => stopAsking(),
    close: () => {
      running.unsubscribe()
      return server.close()
    },
  }
}
