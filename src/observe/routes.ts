import { type Registry } from 'prom-client'
import { type Asset } from './assets.ts'
import { deadBecause, healthBody, serviceHealthBody, unreadyBecause } from './health.ts'
import { json, type Route } from './http.ts'
import { type Observed } from './observed.ts'
import { standingOf } from './standing.ts'
import { stateOf } from './state.ts'

/** Everything that is served: figures, probes, and the page with what it asks for. */
export const routesOf = (
  observed: Observed,
  registry: Registry,
  assets: ReadonlyMap<string, Asset>,
): ReadonlyMap<string, Route> => {
  const files = [...assets].map(([path, { type, body }]): [string, Route] => [
    path,
    () => ({ status: 200, type, body }),
  ])
  return new Map<string, Route>([
    ...files,
    ['/state', () => json(stateOf(observed))],
    ['/settings', () => json(observed.inForce)],
    ['/metrics', async () => ({ status: 200, type: registry.contentType, body: await registry.metrics() })],
    [
      '/live',
      () => {
        const because = deadBecause(standingOf(observed))
        return json({ live: because === undefined, because: because ?? null }, because === undefined ? 200 : 503)
      },
    ],
    [
      '/ready',
      () => {
        const because = unreadyBecause(standingOf(observed))
        return json({ ready: because.length === 0, because }, because.length === 0 ? 200 : 503)
      },
    ],
    ['/health', () => json(healthBody(observed.stream, standingOf(observed), observed.now()))],
    ['/service/health', () => json(serviceHealthBody(observed.stream, observed.now()))],
  ])
}
