import { type Telemetry } from '../telemetry.ts'
import { lagOf } from '../partitions.ts'
import { verdictOf } from '../health/verdict.ts'

/** The data of the page, as JSON: numbers, names and messages, but nothing of an event. */
export const snapshotOf = (telemetry: Telemetry) => {
  const { events, history, driver, servers, bound } = telemetry
  const { counts } = events
  const now = telemetry.now()
  return {
    stream: telemetry.stream,
    version: telemetry.version,
    instance: telemetry.instance,
    startedAt: telemetry.startedAt,
    now,
    phase: events.phase,
    verdict: verdictOf(telemetry),
    topic: telemetry.topic,
    deadLetterTopic: telemetry.deadLetterTopic,
    group: telemetry.group,
    table: telemetry.table,
    totals: { ...events.totals(), commits: counts.commits, retries: counts.retried, rebalances: counts.rebalances },
    deadLettersByReason: counts.deadLetters,
    pace: history.pace,
    inFlight: { records: events.inFlight.records, bytes: events.inFlight.bytes, bound },
    heldBack: events.heldBack ?? null,
    troubles: [...events.troubles].map(([step, { message, kind, since, attempts, nextTryAt, waiting }]) => ({
      ...{ step, message, kind, since, attempts, nextTryAt, waiting },
    })),
    servers: {
      kafka: servers.answer('kafka') ?? null,
      cassandra: servers.answer('cassandra') ?? null,
      connections: driver.state()?.connections ?? 0,
    },
    audited: telemetry.audited() ?? null,
    lag: events.partitions.lag,
    partitions: events.partitions.states.map(state => ({
      ...state,
      lag: lagOf(state) ?? null,
      waiting: events.partitions.waiting.get(state.partition)?.why ?? null,
    })),
    deadLetters: events.deadLetters,
    seconds: history.seconds,
  }
}

export type State = ReturnType<typeof snapshotOf>
