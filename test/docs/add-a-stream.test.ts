import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { projectFolder } from '../../rig/servers/folders.ts'

const page = readFileSync(join(projectFolder, 'docs', 'add-a-stream.md'), 'utf8')

/** The code blocks that follow a comment with their file name. */
const files = [...page.matchAll(/^<!-- file: (\S+) -->\n\n```\w+\n([^]*?)^```$/gm)].map(([, name = '', text = '']) => ({
  name,
  text,
}))

/** The commands in blocks that are marked to run, each with its output. */
const commands = [...page.matchAll(/^<!-- run -->\n\n```console\n([^]*?)^```$/gm)].flatMap(([, block = '']) =>
  block
    .split(/^\$ /m)
    .filter(part => part !== '')
    .map(part => {
      const [command = '', ...output] = part.split('\n')
      return { command, output: output.join('\n') }
    }),
)

describe('the tutorial on adding a stream', () => {
  let project: string
  const node = (...args: string[]) =>
    spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '' } })

  before(() => {
    // The folders of a checkout that a stream needs, with the tutorial's stream as the only one.
    project = mkdtempSync(join(tmpdir(), 'tutorial-'))
    for (const part of ['src', 'package.json', 'tsconfig.json']) {
      cpSync(join(projectFolder, part), join(project, part), { recursive: true })
    }
    symlinkSync(join(projectFolder, 'node_modules'), join(project, 'node_modules'))
    for (const { name, text } of files) {
      mkdirSync(dirname(join(project, name)), { recursive: true })
      writeFileSync(join(project, name), text)
    }
    const { status, stdout } = node('node_modules/typescript-7/bin/tsc', '--project', 'tsconfig.json')
    assert.equal(status, 0, stdout)
  })
  after(() => rmSync(project, { recursive: true }))

  test('has code, commands and samples', () => {
    assert.ok(files.length >= 5)
    assert.ok(commands.length >= 4)
  })

  for (const { command, output } of commands) {
    test(`shows the real output of ${command.slice(0, 90)}`, () => {
      const [, input = '', stream = ''] = /^echo '(.*)' \| npm run -s preview -- (\S+)$/.exec(command) ?? []
      const preview = spawnSync(process.execPath, ['dist/src/main.js', 'preview', stream], {
        cwd: project,
        input: `${input}\n`,
        encoding: 'utf8',
        env: {},
      })
      assert.equal(preview.stdout, output, preview.stderr)
    })
  }

  test('has samples that pass', () => {
    const samples = files.filter(({ name }) => name.endsWith('.json')).map(({ text }) => JSON.parse(text) as object)
    const input = samples.map(sample => `${JSON.stringify((sample as { event: unknown }).event)}\n`).join('')
    const args = ['dist/src/main.js', 'preview', 'course-completion']
    const { stdout } = spawnSync(process.execPath, args, { cwd: project, input, encoding: 'utf8', env: {} })
    const expected = samples.map(sample =>
      Object.fromEntries(Object.entries(sample).filter(([name]) => name !== 'event')),
    )
    assert.deepEqual(
      stdout
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as object),
      expected,
    )
  })
})
