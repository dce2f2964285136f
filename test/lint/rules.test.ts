import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { projectFolder } from '../../rig/servers/folders.ts'

const config = 'oxlint.config.js'
const program = join(projectFolder, 'node_modules/oxlint/bin/oxlint')

// One for each line, so that the line of a finding identifies it.
const banned = [
  "import { asyncScheduler, delay, interval, timer, timeout } from 'rxjs'",
  "import { setTimeout as pause } from 'node:timers/promises'",
  "import { performance as stopwatch } from 'node:perf_hooks'",
  "import { randomUUID } from 'node:crypto'",
  "import { env } from 'node:process'",
  'export const a = Date.now()',
  'export const b = new Date()',
  'export const c = Date()',
  'export const d = Math.random()',
  'export const e = setTimeout(() => undefined, 1)',
  'export const f = setInterval(() => undefined, 1)',
  'export const g = performance.now()',
  'export const h = globalThis.Date',
  'export const i = process.hrtime()',
  'export const j = timer(1)',
  'export const k = interval(1)',
  'export const l = delay(1)',
  'export const m = timeout({ each: 1 })',
  'export const n = crypto.randomUUID()',
]
const allowed = [
  "import { timer, timeout, type SchedulerLike } from 'rxjs'",
  'export const a = (clock: SchedulerLike) => timer(1, clock)',
  'export const b = (clock: SchedulerLike) => timeout({ each: 1, scheduler: clock })',
  'export const c = (clock: SchedulerLike) => new Date(clock.now()).toISOString()',
  'export const d = Math.max(1, 2)',
]

// One fault for each line, and the rules that must find it.
const faults: readonly (readonly [line: string, ...rules: string[]])[] = [
  ["import { stat } from 'node:fs/promises'"],
  ['declare const anything: any', 'no-explicit-any'],
  ["declare const word: 'red' | 'green'"],
  ['declare const maybe: { text: string } | undefined'],
  ["export const floating = () => { stat('.') }", 'no-floating-promises'],
  ['export const misused = () => { [1].forEach(async () => { await stat(word) }) }', 'no-misused-promises'],
  ['export const notAwaited = async () => { try { return stat(word) } catch { return 1 } }', 'return-await'],
  ['export const awaited = async () => { await word }', 'await-thenable'],
  ['export const idle = async (): Promise<string> => word.trim()', 'require-await'],
  ['export const assigned: string = anything', 'no-unsafe-assignment'],
  ['export const called = () => { anything() }', 'no-unsafe-call'],
  ['export const read = () => { stat(anything.path).catch(() => 1) }', 'no-unsafe-argument', 'no-unsafe-member-access'],
  ['export const returned = (): string => anything', 'no-unsafe-return'],
  ['export const always = (text: string) => text !== undefined', 'no-unnecessary-condition'],
  ['export const asserted = (text: string) => text as string', 'no-unnecessary-type-assertion'],
  ['export const optional = () => maybe?.text || word', 'prefer-nullish-coalescing'],
  ['export const sure = () => maybe!.text', 'no-non-null-assertion'],
  ["export const other = () => { switch (word) { case 'red': return 1 } return 2 }", 'switch-exhaustiveness-check'],
  ['export const printed = () => `${maybe}`', 'restrict-template-expressions', 'no-base-to-string'],
  ['export const unbound = () => word.trim', 'unbound-method'],
  ['export const thrown = () => { throw word }', 'only-throw-error'],
  ['export const old = () => word.substr(1)', 'no-deprecated'],
  ['export const hidden = (_unused: string) => 1', 'no-unused-vars'],
  ['export const late = () => { let text = word.trim(); text = word; return text }', 'no-useless-assignment'],
]

interface Report {
  readonly diagnostics: readonly {
    readonly code: string
    readonly filename: string
    readonly labels: readonly { readonly span: { readonly line: number } }[]
  }[]
}

describe('the linter', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sunbird-lint-'))
  let findings: readonly { file: string; line: number; rule: string }[] = []
  after(() => {
    rmSync(folder, { recursive: true })
  })

  const plant = (file: string, lines: readonly string[]): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), lines.map(line => `${line}\n`).join(''))
  }

  const bannedLines = (file: string): number[] => {
    const lines = findings.filter(({ file: name, rule }) => name === file && rule.startsWith('no-restricted-'))
    return [...new Set(lines.map(({ line }) => line))].sort((one, other) => one - other)
  }

  const subjects = ['src/operators/parse.ts', 'src/kafka/ends.ts', 'streams/program-user-info/row.ts']
  before(() => {
    for (const file of [config, 'tsconfig.json']) cpSync(join(projectFolder, file), join(folder, file))
    symlinkSync(join(projectFolder, 'node_modules'), join(folder, 'node_modules'))
    for (const file of subjects) plant(file, banned)
    plant('src/operators/allowed.ts', allowed)
    plant('src/commands/run/run.ts', ['export const a = Date.now()', 'export const b = process.argv'])
    plant('src/main.ts', ['export const a = Date.now()', 'export const b = process.argv'])
    plant(
      'src/faults.ts',
      faults.map(([line]) => line),
    )
    const args = [program, '--config', config, '--format', 'json', 'src', 'streams']
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    assert.equal(status, 1, stderr)
    findings = (JSON.parse(stdout) as Report).diagnostics.map(({ code, filename, labels }) => ({
      file: filename,
      line: labels[0]?.span.line ?? 0,
      rule: /\((.*)\)/.exec(code)?.[1] ?? code,
    }))
  })

  for (const file of subjects) {
    test(`bans clocks, random numbers and the process in ${file}`, () => {
      assert.deepEqual(
        bannedLines(file),
        [...banned.keys()].map(index => index + 1),
      )
    })
  }

  test('allows a clock and a function as parameters', () => {
    assert.deepEqual(bannedLines('src/operators/allowed.ts'), [])
  })

  test('excludes only files that exist', async () => {
    const { processEdges, timeEdges } = (await import(pathToFileURL(join(projectFolder, config)).href)) as Record<
      string,
      object
    >
    for (const file of [...Object.keys(processEdges ?? {}), ...Object.keys(timeEdges ?? {})]) {
      assert.ok(existsSync(join(projectFolder, file)), file)
    }
    assert.deepEqual(bannedLines('src/commands/run/run.ts'), [2])
    assert.deepEqual(bannedLines('src/main.ts'), [])
  })

  for (const [index, [line, ...rules]] of faults.entries()) {
    if (rules.length === 0) continue
    test(`finds ${rules.join(' and ')}`, () => {
      const found = findings.filter(finding => finding.file === 'src/faults.ts' && finding.line === index + 1)
      for (const rule of rules)
        assert.ok(
          found.some(finding => finding.rule === rule),
          line,
        )
    })
  }
})
