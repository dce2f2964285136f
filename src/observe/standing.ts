import { type Standing } from './health.ts'
import { type Observed } from './observed.ts'

/** A worker's standing at this moment. */
export const standingOf = ({ events, servers, stall, now }: Observed): Standing => ({
  events,
  servers,
  stalledForMs: stall.stalledFor(now()),
})
