import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { projectFolder } from '../../rig/servers/folders.ts'

const config = '.dependency-cruiser.js'
const program = join(projectFolder, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')

// A file, what it imports, and whether that is allowed.
const planted: readonly (readonly [file: string, imports: string, may: boolean])[] = [
  ['streams/a/stream.ts', '../../src/stream/index.ts', true],
  ['streams/a/row.ts', './stream.ts', true],
  ['streams/a/deep.ts', '../../src/stream/json.ts', false],
  ['streams/a/other.ts', '../b/stream.ts', false],
  ['streams/a/client.ts', 'kafkajs', false],
  ['src/stream/model.ts', '../model/record.ts', false],
  ['src/model/ledger.ts', '../ledger/offsets.ts', false],
  ['src/ledger/operator.ts', '../operators/write.ts', false],
  ['src/operators/ledger.ts', '../ledger/offsets.ts', true],
  ['src/operators/client.ts', '../kafka/consumer.ts', false],
  ['src/operators/observer.ts', '../observe/events.ts', false],
  ['src/operators/net.ts', 'node:net', false],
  ['src/operators/rx.ts', 'rxjs', true],
  ['src/kafka/port.ts', '../operators/write.ts', true],
  ['src/kafka/neighbour.ts', '../cassandra/writer.ts', false],
  ['src/kafka/driver.ts', 'cassandra-driver', false],
  ['src/kafka/kafkajs.ts', 'kafkajs', true],
  ['src/cassandra/command.ts', '../commands/run.ts', false],
  ['src/observe/client.ts', '../kafka/consumer.ts', false],
  ['src/commands/anything.ts', '../kafka/consumer.ts', true],
  ['src/commands/client.ts', 'kafkajs', false],
  ['src/commands/rig.ts', '../../rig/servers.ts', false],
  ['src/new-folder/unlisted.ts', '../model/record.ts', false],
  ['src/ledger/missing.ts', './nowhere.ts', false],
]
const packages = ['kafkajs', 'cassandra-driver', 'rxjs']
const targets = [
  ...['streams/b/stream', 'src/stream/index', 'src/stream/json', 'src/model/record', 'src/ledger/offsets'],
  ...['src/operators/write', 'src/kafka/consumer', 'src/cassandra/writer', 'src/observe/events', 'src/commands/run'],
  'rig/servers',
].map(name => `${name}.ts`)

const circle = { 'src/ledger/one.ts': './two.ts', 'src/ledger/two.ts': './one.ts' }

interface Result {
  readonly summary: { readonly violations: { readonly from: string; readonly rule: { readonly name: string } }[] }
}

describe('the import table', () => {
  let folder: string
  let found: Map<string, string>

  const put = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'imports-'))
    for (const name of [config, 'tsconfig.json']) cpSync(join(projectFolder, name), join(folder, name))
    put(
      'package.json',
      JSON.stringify({ type: 'module', dependencies: Object.fromEntries(packages.map(p => [p, '*'])) }),
    )
    for (const name of packages) {
      put(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }))
      put(`node_modules/${name}/index.js`, '')
    }
    for (const file of targets) put(file, 'export type T = string\n')
    // Type-only imports, which count like any other import.
    for (const [file, from] of [...planted, ...Object.entries(circle)])
      put(file, `import { type T } from '${from}'\nexport const t: T = ''\n`)
    const args = [program, '--config', config, '--output-type', 'json', 'src', 'streams']
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    assert.equal(stderr, '')
    const { summary } = JSON.parse(stdout) as Result
    found = new Map(summary.violations.map(({ from, rule }) => [from, rule.name]))
  })
  after(() => rmSync(folder, { recursive: true }))

  for (const [file, imports, may] of planted) {
    test(`${file} ${may ? 'may' : 'may not'} import ${imports}`, () => assert.equal(found.has(file), !may))
  }

  test('a cycle is an error', () => {
    const files = Object.keys(circle)
    assert.ok(files.some(file => found.get(file) === 'cycle'))
  })

  test('has a row for each folder and program in src, and no others', async () => {
    const { layers } = (await import(pathToFileURL(join(projectFolder, config)).href)) as { layers: object }
    const rows = Object.keys(layers)
    for (const row of rows) assert.ok(existsSync(join(projectFolder, row)), row)
    const parts = readdirSync(join(projectFolder, 'src')).map(name => `src/${name}`)
    assert.deepEqual(
      parts.filter(part => !rows.includes(part)),
      [],
    )
  })
})
