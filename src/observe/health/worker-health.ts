import { type WorkerHealth } from './health.ts'
import { type Telemetry } from '../telemetry.ts'

/** A worker's health at this moment. */
export const healthOf = ({ events, servers, stall, now }: Telemetry): WorkerHealth => ({
  events,
  servers,
  stalledForMs: stall.stalledFor(now()),
})
