import { ESLint } from 'eslint'
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { projectFolder } from '../../rig/servers/folders.ts'

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

describe('the ban on clocks, random numbers and process', () => {
  let eslint: ESLint
  before(() => {
    // The ban needs no type information, which takes the linter many seconds.
    eslint = new ESLint({
      cwd: projectFolder,
      ruleFilter: ({ ruleId }) => ruleId.startsWith('no-restricted-'),
      overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
    })
  })

  /** The lines on which a rule of the ban reports something, if the file has this content. */
  const findings = async (file: string, lines: readonly string[]): Promise<number[]> => {
    const [result] = await eslint.lintText(`${lines.join('\n')}\n`, { filePath: join(projectFolder, file) })
    const messages = result?.messages.filter(({ ruleId }) => ruleId?.startsWith('no-restricted-')) ?? []
    return [...new Set(messages.map(({ line }) => line))].sort((one, other) => one - other)
  }

  for (const file of ['src/operators/parse.ts', 'src/kafka/ends.ts', 'streams/program-user-info/row.ts']) {
    test(`holds in ${file}`, async () => {
      assert.deepEqual(
        await findings(file, banned),
        [...banned.keys()].map(index => index + 1),
      )
    })
  }

  test('allows a clock and a function as parameters', async () => {
    assert.deepEqual(await findings('src/operators/parse.ts', allowed), [])
  })

  test('excludes only files that exist', async () => {
    const { processEdges, timeEdges } = (await import(
      pathToFileURL(join(projectFolder, 'eslint.config.js')).href
    )) as Record<string, object>
    for (const file of [...Object.keys(processEdges ?? {}), ...Object.keys(timeEdges ?? {})]) {
      assert.ok(existsSync(join(projectFolder, file)), file)
    }
    assert.deepEqual(
      await findings('src/commands/run/run.ts', ['export const a = Date.now()', 'export const b = process.argv']),
      [2],
    )
    assert.deepEqual(
      await findings('src/main.ts', ['export const a = Date.now()', 'export const b = process.argv']),
      [],
    )
  })
})
