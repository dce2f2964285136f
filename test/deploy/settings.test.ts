import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { projectFolder } from '../../rig/servers/folders.ts'
import { defaultStream } from '../../src/config/settings.ts'
import { loadStream } from '../../src/stream/load.ts'
import { readSamples } from '../streams/samples.ts'
import { knownSettings } from './known-settings.ts'

const read = (file: string): string => readFileSync(join(projectFolder, file), 'utf8')

interface Names {
  readonly propertyNames: { readonly enum: readonly string[] }
}

test("the chart's schema accepts every setting, and secrets only as secrets", async () => {
  const { properties } = JSON.parse(read('deploy/chart/values.schema.json')) as {
    properties: { settings: Names; secrets: Names }
  }
  const known = await knownSettings()
  const isSecret = (name: string): boolean => known.get(name)?.kind === 'secret' && !name.endsWith('_FILE')
  // The chart sets these two itself.
  const settings = [...known.keys()].filter(name => !isSecret(name) && !['HTTP_HOST', 'HTTP_PORT'].includes(name))
  assert.deepEqual([...properties.settings.propertyNames.enum].sort(), settings.sort())
  assert.deepEqual([...properties.secrets.propertyNames.enum].sort(), [...known.keys()].filter(isSecret).sort())
})

test('everything that looks like a setting in the chart, compose.yaml and the Dockerfile is one', async () => {
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

interface Service {
  readonly profiles?: unknown
  readonly image?: string
  readonly depends_on?: Record<string, { condition: string }>
  readonly healthcheck?: object
  readonly entrypoint?: readonly string[]
  readonly env_file?: readonly { readonly path: string; readonly required: boolean }[]
}

test('compose.yaml starts everything, each service after its dependencies', async t => {
  const { services } = parse(read('compose.yaml')) as { services: Record<string, Service> }
  assert.deepEqual(Object.keys(services), ['kafka', 'cassandra', 'topics', 'table', 'worker', 'rows'])
  for (const [name, { depends_on = {}, entrypoint = [], profiles }] of Object.entries(services)) {
    assert.equal(profiles, undefined)
    for (const [needed, { condition }] of Object.entries(depends_on)) {
      assert.ok(needed in services, `${name} needs ${needed}`)
      if (condition === 'service_healthy') assert.ok(services[needed]?.healthcheck, needed)
    }
    for (const [, file = ''] of entrypoint.join(' ').matchAll(/\/first-look\/(\S+)/g)) {
      await t.test(file, () => {
        const path = join(projectFolder, 'deploy/compose', file)
        if (file.endsWith('.sh')) assert.equal(spawnSync('sh', ['-n', path]).status, 0)
        else assert.ok(existsSync(path))
      })
    }
  }
  assert.deepEqual(services['worker']?.env_file, [{ path: '.env', required: false }])
})

test('the events that compose.yaml publishes become rows and one dead letter', async () => {
  const stream = await loadStream(defaultStream)
  const samples = await readSamples(defaultStream)
  const lines = read('deploy/compose/events.jsonl').trimEnd().split('\n')
  const outcomes = lines.map(line => samples.find(({ value }) => value.toString() === line)?.expected)
  assert.deepEqual(
    outcomes.map(expected => Object.keys(expected ?? {})[0]),
    ['row', 'row', 'row', 'deadLetter'],
  )
  const { keyspace, table, topic, deadLetterTopic } = stream.defaults
  assert.ok(read('deploy/compose/rows.sh').includes(` ${keyspace}.${table} `))
  const topics = read('deploy/compose/kafka.sh')
  const named = /^topic="\$\{ENV:-local\}(\.\S+)"$/m.exec(topics)?.[1] ?? ''
  assert.deepEqual([`{{env}}${named}`, `{{env}}${named}.failed`], [topic, deadLetterTopic])
})

test('a container has a grace period longer than the shutdown timeout of the worker', async () => {
  const { services } = parse(read('compose.yaml')) as { services: { worker: { stop_grace_period: string } } }
  const timeout = Number((await knownSettings()).get('SHUTDOWN_TIMEOUT_MS')?.fallback)
  assert.ok(Number.parseInt(services.worker.stop_grace_period) * 1000 >= timeout + 5000)
})
