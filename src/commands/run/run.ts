import {
  asapScheduler,
  defaultIfEmpty,
  defer,
  firstValueFrom,
  interval,
  lastValueFrom,
  map,
  NEVER,
  type Observable,
  type SchedulerLike,
  scan,
  tap,
  timer,
} from 'rxjs'
import { probeOf } from '../../cassandra/probe.ts'
import { connectCassandra } from '../../cassandra/client.ts'
import { checkTable } from '../../cassandra/check.ts'
import { checkWrite } from '../../cassandra/check-write.ts'
import { packed } from '../../cassandra/packed.ts'
import { slowNodePolicies } from '../../cassandra/slow-nodes.ts'
import { tableWriter } from '../../cassandra/writer.ts'
import { type Configuration } from '../../config/load.ts'
import { checkTopics } from '../../kafka/check.ts'
import { kafkaClient } from '../../kafka/client.ts'
import { registerCodecs } from '../../kafka/codecs.ts'
import { openConsumer } from '../../kafka/consumer.ts'
import { groupMember } from '../../kafka/group-member.ts'
import { openTopicEnds } from '../../kafka/ends.ts'
import { openDeadLetterTopic } from '../../kafka/producer.ts'
import { InFlightLedger } from '../../ledger/in-flight.ts'
import { SlowNodes } from '../../ledger/slow-nodes.ts'
import { type Step } from '../../model/step.ts'
import { Events } from '../../observe/events.ts'
import { type OpenLog } from '../../observe/log/log.ts'
import { sampled } from '../../observe/log/log-sampling.ts'
import { timedStream } from '../../observe/timed-stream.ts'
import { timedTable } from '../../observe/timed-table.ts'
import { persistently } from '../../operators/retry.ts'
import { pipeline } from '../../pipeline.ts'
import { type Stream } from '../../stream/definition.ts'
import { serveTelemetry, type TelemetryServer } from './telemetry-server.ts'

/** How many lines are logged of messages that may occur for every record. */
const floods = { burst: 10, perMs: 10_000 }

/** How long a write waits for one Cassandra node before a second node gets it too. */
const patienceMs = 500

/** How long to wait for sockets to close at the end. */
const closingMs = 3000

const logRates = (events: Events, intervalMs: number, clock: SchedulerLike): Observable<unknown> =>
  intervalMs === 0
    ? NEVER
    : interval(intervalMs, clock).pipe(scan(last => events.rates(last, intervalMs / 1000), events.totals()))

/**
 * Runs a stream until `stop` emits the name of a signal. Waits until the topics and the table exist, then reads, writes and
 * commits. Returns the exit code: 0 if everything read is written and committed, otherwise 1.
 */
export const run = async (
  stream: Stream,
  { settings, inForce }: Pick<Configuration, 'settings' | 'inForce'>,
  log: OpenLog,
  stop: Observable<string>,
  clock: SchedulerLike = asapScheduler,
  random: () => number = Math.random,
  monotonic: () => number = () => performance.now(),
): Promise<0 | 1> => {
  const { topic, deadLetterTopic, brokers } = settings.kafka
  const { backoff } = settings.pipeline
  const inFlight = new InFlightLedger()
  const sampledLog = sampled(log, floods, clock)
  const events = new Events(log, sampledLog, clock, inFlight)
  const stopping = firstValueFrom(stop)
  const closers: (() => Promise<unknown>)[] = []
  const untilItWorks = <T>(step: Step, attempt: () => Promise<T>): Promise<T> =>
    lastValueFrom(defer(attempt).pipe(persistently({ backoff, watch: events.watch(step), clock, random })))

  registerCodecs()
  events.started({ stream: stream.name, topic, group: settings.kafka.groupId, table: settings.cassandra.table })
  let telemetryServer: TelemetryServer
  try {
    telemetryServer = await serveTelemetry(stream, { settings, inForce }, events, log, clock)
  } catch (error) {
    events.crashed(error)
    return 1
  }
  const kafka = kafkaClient(settings.kafka, (message, facts) => events.clientLogged(message, facts))
  const rates = logRates(events, settings.log.rateIntervalMs, clock).subscribe()
  closers.push(() => {
    rates.unsubscribe()
    return Promise.resolve()
  })

  const slowNodes = slowNodePolicies(new SlowNodes(patienceMs, events), monotonic, () =>
    telemetryServer.driver.sentAgain(),
  )
  const prepared = Promise.all([
    untilItWorks('cassandra', () => connectCassandra(settings.cassandra, telemetryServer.driver, slowNodes)).then(
      async client => {
        closers.push(() => client.shutdown())
        await untilItWorks('cassandra', async () => {
          await checkTable(client, stream.table, settings.cassandra)
          await checkWrite(client, stream.table, settings.cassandra, clock.now())
        })
        return client
      },
    ),
    untilItWorks('topics', () => checkTopics(kafka, brokers, [topic, deadLetterTopic])),
  ])

  try {
    const early = await Promise.race([prepared, stopping])
    if (typeof early === 'string') {
      events.stopped()
      return 0
    }
    events.ready()
    const [client] = early
    telemetryServer.probe(openTopicEnds(kafka, topic), probeOf(client))
    const source = openConsumer(
      groupMember(kafka, settings.kafka, clock),
      { ...settings.kafka, backoff },
      events,
      clock,
      random,
      monotonic,
    )
    const deadLetters = openDeadLetterTopic(kafka, stream.name, settings.kafka)
    closers.push(
      () => source.close(),
      () => deadLetters.close(),
      () => telemetryServer.stopProbing(),
    )
    const table = timedTable(tableWriter(client, stream.table, settings.cassandra), events)

    const drained = lastValueFrom(
      pipeline(timedStream(packed(stream), events), settings.pipeline, {
        ...{ source, table, deadLetters, observer: events, inFlight, clock, random },
      }).pipe(
        tap(positions => events.committed(positions)),
        map(() => 'drained' as const),
        defaultIfEmpty('drained' as const),
      ),
    )
    const signal = await Promise.race([drained, stopping])
    events.stopping(signal)
    source.stop()
    const timeout = firstValueFrom(timer(settings.shutdownTimeoutMs, clock))
    const inTime = (await Promise.race([drained, timeout])) === 'drained'
    sampledLog.end()
    if (!inTime) {
      events.undrained(settings.shutdownTimeoutMs)
      return 1
    }
    events.stopped()
    return 0
  } catch (error) {
    sampledLog.end()
    events.crashed(error)
    return 1
  } finally {
    await Promise.race([
      Promise.allSettled(closers.reverse().map(close => close())),
      firstValueFrom(timer(closingMs, clock)),
    ])
    await telemetryServer.close()
  }
}
