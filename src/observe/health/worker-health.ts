import { type WorkerHealth } from './health.ts'
import { type Telemetry } from '../telemetry.ts'

/** The current health of a worker. */
export const healthOf = ({ events, servers, stall, now }: Telemetry): WorkerHealth => ({
  events,
  servers,
  stalledForMs: stall.stalledFor(now()),
})
