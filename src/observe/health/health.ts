import { type Step } from '../../model/step.ts'
import { type Events, type Phase } from '../events.ts'
import { type ServerName, serverNames, type Servers } from './servers.ts'

/** The input for the health of a worker. */
export interface WorkerHealth {
  readonly events: Pick<Events, 'phase' | 'troubles' | 'partitions'>
  readonly servers: Servers
  /** How long there has been no progress; undefined if that is not too long. */
  readonly stalledForMs: number | undefined
}

const serverOf: Readonly<Record<Step, ServerName>> = {
  cassandra: 'cassandra',
  write: 'cassandra',
  topics: 'kafka',
  consume: 'kafka',
  locate: 'kafka',
  'dead-letter': 'kafka',
  commit: 'kafka',
}

/** Why the server cannot be used, for people; undefined if it can. */
export const troubleWith = (server: ServerName, { events, servers }: WorkerHealth): string | undefined => {
  for (const [step, { message }] of events.troubles) if (serverOf[step] === server) return message
  const answer = servers.answer(server)
  return answer?.usable === false ? answer.why : undefined
}

const waitingIn: Partial<Record<Phase, string>> = {
  starting: 'starting: Kafka and Cassandra are not ready yet',
  joining: 'joining the consumer group: no partitions are assigned yet',
  stopping: 'stopping: finishing the records in flight',
}

/** All reasons why the worker is not ready; empty if it is. */
export const unreadyBecause = (health: WorkerHealth): string[] => {
  const troubles = serverNames.flatMap(server => {
    const trouble = troubleWith(server, health)
    return trouble === undefined ? [] : [`${server}: ${trouble}`]
  })
  const waiting = [...health.events.partitions.waiting].map(([partition, { offset, why }]) => {
    const at = offset < 0 ? '' : ` at offset ${offset}`
    return `kafka: partition ${partition} waits${at}: ${why}`
  })
  const phase = waitingIn[health.events.phase]
  return [...troubles, ...waiting, ...(phase === undefined ? [] : [phase])]
}

/** Why the process should be restarted; undefined if it is alive. */
export const deadBecause = ({ stalledForMs }: WorkerHealth): string | undefined =>
  stalledForMs === undefined
    ? undefined
    : `no progress for ${Math.round(stalledForMs / 1000)} s although there is work to do`

interface Check {
  readonly name: string
  readonly healthy: boolean
  readonly err: string
  readonly errmsg: string
}

const check = (server: ServerName, health: WorkerHealth): Check => {
  const trouble = troubleWith(server, health)
  return {
    name: server,
    healthy: trouble === undefined,
    err: trouble === undefined ? '' : `${server.toUpperCase()}_HEALTH_FAILED`,
    errmsg: trouble ?? '',
  }
}

/** A response in the envelope of the Sunbird services. */
const enveloped = (id: string, now: number, result: object): object => ({
  id,
  ver: '1.0',
  ts: new Date(now).toISOString(),
  params: { resmsgid: null, msgid: null, status: 'successful', err: null, errmsg: null },
  responseCode: 'OK',
  result,
})

/**
 * `/health` in the format of the sibling services. The body says what is wrong, and the status is always 200. So a chart that
 * uses it as a liveness probe does not restart the worker because a database is down.
 */
export const healthBody = (stream: string, health: WorkerHealth, now: number): object => {
  const checks = serverNames.map(server => check(server, health))
  const healthy = checks.every(one => one.healthy) && health.stalledForMs === undefined
  return enveloped('api.health', now, { name: stream, version: '1.0', healthy, checks })
}

/** `/service/health`: the process itself, regardless of its servers. */
export const serviceHealthBody = (stream: string, now: number): object =>
  enveloped('api.service.health', now, { name: stream, version: '1.0', healthy: true, checks: [] })
