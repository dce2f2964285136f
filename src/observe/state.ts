import { type Observed } from './observed.ts'
import { lagOf } from './partitions.ts'
import { verdictOf } from './verdict.ts'

/** What the page shows, as JSON: numbers, names and messages, never anything of an event. */
export const stateOf = (observed: Observed) => {
  const { events, history, driver, servers, bound } = observed
  const { counts } = events
  const now = observed.now()
  return {
    stream: observed.stream,
    version: observed.version,
    instance: observed.instance,
    startedAt: observed.startedAt,
    now,
    phase: events.phase,
    verdict: verdictOf(observed),
    topic: observed.topic,
    deadLetterTopic: observed.deadLetterTopic,
    group: observed.group,
    table: observed.table,
    totals: { ...events.totals(), commits: counts.commits, retries: counts.retried, rebalances: counts.rebalances },
    deadLettersByReason: counts.deadLetters,
    pace: history.pace,
    inFlight: { records: events.inFlight?.records ?? 0, bytes: events.inFlight?.bytes ?? 0, bound },
    heldBack: events.heldBack ?? null,
    troubles: [...events.troubles].map(([step, { message, kind, since, attempts, nextTryAt, waiting }]) => ({
      ...{ step, message, kind, since, attempts, nextTryAt, waiting },
    })),
    servers: {
      kafka: servers.answer('kafka') ?? null,
      cassandra: servers.answer('cassandra') ?? null,
      connections: driver.state()?.connections ?? 0,
    },
    lag: events.partitions.lag,
    partitions: events.partitions.states.map(state => ({ ...state, lag: lagOf(state) ?? null })),
    deadLetters: events.deadLetters,
    seconds: history.seconds,
  }
}

export type State = ReturnType<typeof stateOf>
