import { type Registry } from 'prom-client'
import { type Asset } from './assets.ts'
import { deadBecause, healthBody, serviceHealthBody, unreadyBecause } from '../health/health.ts'
import { json, type Route } from './http.ts'
import { type Telemetry } from '../telemetry.ts'
import { healthOf } from '../health/worker-health.ts'
import { snapshotOf } from '../page/snapshot.ts'

/** All routes: metrics, probes, and the page with its data. */
export const routesOf = (
  telemetry: Telemetry,
  registry: Registry,
  assets: ReadonlyMap<string, Asset>,
): ReadonlyMap<string, Route> => {
  const files = [...assets].map(([path, { type, body }]): [string, Route] => [
    path,
    () => ({ status: 200, type, body }),
  ])
  return new Map<string, Route>([
    ...files,
    ['/state', () => json(snapshotOf(telemetry))],
    ['/settings', () => json(telemetry.inForce)],
    ['/metrics', async () => ({ status: 200, type: registry.contentType, body: await registry.metrics() })],
    [
      '/live',
      () => {
        const because = deadBecause(healthOf(telemetry))
        return json({ live: because === undefined, because: because ?? null }, because === undefined ? 200 : 503)
      },
    ],
    [
      '/ready',
      () => {
        const because = unreadyBecause(healthOf(telemetry))
        return json({ ready: because.length === 0, because }, because.length === 0 ? 200 : 503)
      },
    ],
    ['/health', () => json(healthBody(telemetry.stream, healthOf(telemetry), telemetry.now()))],
    ['/service/health', () => json(serviceHealthBody(telemetry.stream, telemetry.now()))],
  ])
}
