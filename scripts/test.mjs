// npm test: lint, types, and every test under test/, with a line a file and the failures in full. Tests under
// test/integration and test/faults start real servers and run one file at a time.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { run } from 'node:test'
import { fileURLToPath } from 'node:url'
import './ensure-built.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const heavy = ['test/integration/', 'test/browser/', 'test/faults/']
let passed = 0
let failed = 0
let skipped = 0

const step = (name, command, ...args) => {
  const started = Date.now()
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  const good = status === 0
  if (good) passed += 1
  else failed += 1
  console.log(`${good ? 'ok  ' : 'FAIL'} ${name} (${seconds(started)})`)
}

const seconds = since => `${((Date.now() - since) / 1000).toFixed(1)} s`

const testFiles = readdirSync(`${root}test`, { recursive: true })
  .map(name => `test/${name}`)
  .filter(name => name.endsWith('.test.ts'))
  .filter(name => process.argv.length < 3 || process.argv.slice(2).some(part => name.includes(part)))
  .sort()

const compiled = name => `${root}dist/${name.replace(/\.ts$/, '.js')}`

const causeOf = ({ error }) => error?.cause?.stack ?? error?.cause ?? error?.stack ?? error

/** Runs one group of files; a test's name is printed with its suites where it fails. */
const runGroup = async (names, concurrency) => {
  const files = names.map(compiled)
  const started = Date.now()
  const counts = new Map(names.map(name => [compiled(name), { good: 0, bad: 0 }]))
  const stream = run({ files, concurrency, timeout: 20 * 60_000 })
  const suites = []
  for await (const { type, data } of stream) {
    const { name, file, nesting = 0, details } = data ?? {}
    if (type === 'test:start') suites[nesting] = name
    if (type === 'test:stderr' || (type === 'test:stdout' && process.env.VERBOSE)) process.stderr.write(data.message)
    if (type !== 'test:pass' && type !== 'test:fail') continue
    const count = counts.get(file) ?? { good: 0, bad: 0 }
    // A suite fails with its tests; only the tests count, and a file that could not be run.
    const isSuite = details.type === 'suite'
    const isFile = nesting === 0 && files.includes(name)
    if (data.skip !== undefined) skipped += 1
    else if (type === 'test:pass' && !isSuite && !isFile) count.good += 1
    else if (type === 'test:fail' && details.error?.failureType !== 'subtestsFailed') {
      count.bad += 1
      console.log(`FAIL ${[...suites.slice(0, nesting), name].join(' > ')}\n${causeOf(details)}\n`)
    }
  }
  for (const [file, { good, bad }] of counts) {
    passed += good
    failed += bad
    const name = file.slice(root.length + 5).replace(/\.js$/, '.ts')
    // Files that run side by side have no time of their own.
    const time = counts.size === 1 ? ` (${seconds(started)})` : ''
    console.log(`${bad === 0 ? 'ok  ' : 'FAIL'} ${name}: ${good} passed, ${bad} failed${time}`)
  }
}

const isHeavy = name => heavy.some(folder => name.startsWith(folder))
const light = testFiles.filter(name => !isHeavy(name))
const withServers = testFiles.filter(isHeavy)

step('types', process.execPath, 'node_modules/typescript-7/bin/tsc', '--project', 'tsconfig.json')
if (process.argv.length < 3) {
  step('lint', process.execPath, 'node_modules/eslint/bin/eslint.js', '.')
  const cruiser = 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'
  const folders = ['src', 'streams', 'rig', 'test', 'bench', 'scripts']
  step('imports', process.execPath, cruiser, '--config', '.dependency-cruiser.js', ...folders)
  step('format', process.execPath, 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.')
}
if (!existsSync(compiled(testFiles[0] ?? ''))) failed += 1
if (light.length > 0) await runGroup(light, 2)
if (withServers.length > 0) {
  console.log('tests against real servers, one file at a time ...')
  for (const name of withServers) await runGroup([name], 1)
}

if (passed === 0) failed += 1
process.exitCode = failed === 0 ? 0 : 1
if (skipped > 0) console.log(`${skipped} skipped`)
console.log(`${passed} passed, ${failed} failed`)
