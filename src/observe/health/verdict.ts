import { deadBecause, unreadyBecause } from './health.ts'
import { type Telemetry } from '../telemetry.ts'
import { healthOf } from './worker-health.ts'

/** The state of a worker, for people. */
export interface Verdict {
  readonly level: 'good' | 'waiting' | 'bad'
  readonly headline: string
  readonly because: readonly string[]
}

// Without numbers, because a screen reader repeats it whenever it changes.
const full = 'reading pauses at times: records in flight reach MAX_IN_FLIGHT_RECORDS or MAX_IN_FLIGHT_BYTES'

export const verdictOf = (telemetry: Telemetry): Verdict => {
  const { events, servers, history } = telemetry
  const health = healthOf(telemetry)
  const dead = deadBecause(health)
  const because = unreadyBecause(health)
  if (dead !== undefined) return { level: 'bad', headline: 'Stalled', because: [dead, ...because] }
  if ([...events.troubles.values()].some(({ kind }) => kind === 'misconfigured')) {
    return { level: 'bad', headline: 'Needs attention', because }
  }
  const down = (['kafka', 'cassandra'] as const).some(server => servers.answer(server)?.usable === false)
  if (events.troubles.size > 0 || down) return { level: 'waiting', headline: 'Waiting for a fault to pass', because }
  if (events.partitions.waiting.size > 0) return { level: 'bad', headline: 'A partition waits', because }
  switch (events.phase) {
    case 'starting':
      return { level: 'waiting', headline: 'Starting', because }
    case 'joining':
      return { level: 'waiting', headline: 'Joining the group', because }
    case 'stopping':
      return { level: 'waiting', headline: 'Stopping', because }
    case 'running': {
      const slow = [...events.slowNodes].map(
        node => `Cassandra node ${node} is slow: writes go to the other nodes first`,
      )
      return events.heldBack !== undefined || history.pace.pauses > 0
        ? { level: 'good', headline: 'Running at full load', because: [full, ...slow] }
        : { level: 'good', headline: 'Running', because: slow }
    }
  }
}
