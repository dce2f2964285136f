import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { replayedFrom } from '../../src/commands/dead-letters/replayed.ts'
import { deadLetterHeaders, replayHeader } from '../../src/kafka/headers.ts'
import { knownSettings } from '../deploy/known-settings.ts'
import { counterMeasures } from '../../rig/faults/without.ts'
import { entryPoint } from '../../rig/product.ts'
import { projectFolder } from '../../rig/servers/folders.ts'

const read = (file: string): string => readFileSync(join(projectFolder, file), 'utf8')
const pages = readdirSync(join(projectFolder, 'docs'))
  .filter(name => name.endsWith('.md'))
  .map(name => `docs/${name}`)
const between = (text: string, name: string): string =>
  text.split(`<!-- ${name}:begin -->`)[1]?.split(`<!-- ${name}:end -->`)[0] ?? ''
const sources = (folder: string): string[] =>
  readdirSync(join(projectFolder, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => read(join(folder, name)))

describe('names in the documents', () => {
  for (const page of pages) {
    const text = read(page)

    test(`${page}: every setting exists`, async () => {
      const known = await knownSettings()
      // The generated table also has values in capitals.
      for (const [, name = ''] of text
        .replace(between(text, 'settings'), '')
        .matchAll(/`((?:[A-Z][A-Z0-9]*_)+[A-Z0-9]+)(?:=[^`]*)?`/g)) {
        if (!name.startsWith('OTEL_')) assert.ok(known.has(name), name)
      }
    })

    test(`${page}: every npm command exists`, () => {
      const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
      for (const [, name = ''] of text.matchAll(/npm run (?:-s )?([a-z-]+)/g)) assert.ok(name in scripts, name)
    })

    test(`${page}: every file that is linked exists`, () => {
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)) {
        assert.ok(existsSync(join(projectFolder, dirname(page), target)), target)
      }
    })
  }

  test('the log lines in operate.md exist', () => {
    const code = sources('src').join('\n')
    const [, table = ''] = read('docs/operate.md').split('## Log lines that matter')
    const lines = [...(table.split('\n## ')[0] ?? '').matchAll(/^\| `([^`]+)`/gm)].map(([, line = '']) => line)
    assert.ok(lines.length > 5)
    for (const line of lines) assert.ok(code.includes(`'${line}'`), line)
  })

  test('npm start runs the worker with the options of the image', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const [node, ...options] = entryPoint()
    assert.equal(scripts['start'], ['exec', node, '--import ./scripts/ensure-built.mjs', ...options, 'run'].join(' '))
  })

  test('docs/faults.md lists every counter-measure, with the effect of its fault', () => {
    const page = read('docs/faults.md').replaceAll(/ +/g, ' ')
    for (const { name, fault } of counterMeasures) assert.ok(page.includes(`| ${name} | ${fault} | `), name)
  })

  test('the documented headers of dead letters are exactly the real ones', () => {
    const listed = [...between(read('docs/dead-letters.md'), 'headers').matchAll(/^\| `([^`]+)`/gm)]
    assert.deepEqual(
      listed.map(([, name]) => name),
      [...Object.values(deadLetterHeaders), replayHeader, replayedFrom],
    )
  })
})
