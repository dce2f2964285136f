import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { projectFolder } from '../../rig/servers/folders.ts'
import { knownSettings } from './known-settings.ts'

const read = (file: string): string => readFileSync(join(projectFolder, file), 'utf8')

interface Names {
  readonly propertyNames: { readonly enum: readonly string[] }
}

test("the chart's schema takes every setting, and secrets only as secrets", async () => {
  const { properties } = JSON.parse(read('deploy/chart/values.schema.json')) as {
    properties: { settings: Names; secrets: Names }
  }
  const known = await knownSettings()
  const isSecret = (name: string): boolean => known.get(name)?.kind === 'secret' && !name.endsWith('_FILE')
  // These two are the chart's own business.
  const settings = [...known.keys()].filter(name => !isSecret(name) && !['HTTP_HOST', 'HTTP_PORT'].includes(name))
  assert.deepEqual([...properties.settings.propertyNames.enum].sort(), settings.sort())
  assert.deepEqual([...properties.secrets.propertyNames.enum].sort(), [...known.keys()].filter(isSecret).sort())
})

test('whatever looks like a setting in the chart, compose.yaml and the Dockerfile is one', async () => {
  const known = await knownSettings()
  const templates = readdirSync(join(projectFolder, 'deploy/chart/templates')).map(
    name => `deploy/chart/templates/${name}`,
  )
  const looksLikeOne = /\b(?:KAFKA|ML_CASSANDRA|HTTP|LOG|SHUTDOWN|BATCH|WRITE|RETRY|MAX_IN|COMMIT)_[A-Z_]+\b/g
  for (const file of [...templates, 'deploy/chart/values.yaml', 'Dockerfile']) {
    for (const [name] of read(file).matchAll(looksLikeOne)) assert.ok(known.has(name), `${file}: ${name}`)
  }
  const { services } = parse(read('compose.yaml')) as { services: { worker: { environment: Record<string, string> } } }
  for (const [name, value] of Object.entries(services.worker.environment)) {
    assert.notEqual(known.get(name)?.parse(value), undefined, `compose.yaml: ${name}`)
  }
})

test("the chart's default settings are accepted, and differ from the worker's defaults only where they must", async () => {
  const { settings } = parse(read('deploy/chart/values.yaml')) as { settings: Record<string, string> }
  const known = await knownSettings()
  for (const [name, value] of Object.entries(settings)) assert.notEqual(known.get(name)?.parse(value), undefined, name)
  const differs = Object.entries(settings).filter(([name, value]) => known.get(name)?.fallback !== value)
  assert.deepEqual(
    differs.map(([name]) => name),
    ['KAFKA_BROKER_SERVERS', 'ML_CASSANDRA_HOST'],
  )
})

test('a container is given longer to stop than the worker takes', async () => {
  const { services } = parse(read('compose.yaml')) as { services: { worker: { stop_grace_period: string } } }
  const timeout = Number((await knownSettings()).get('SHUTDOWN_TIMEOUT_MS')?.fallback)
  assert.ok(Number.parseInt(services.worker.stop_grace_period) * 1000 >= timeout + 5000)
})
