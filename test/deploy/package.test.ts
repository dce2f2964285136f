import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { projectFolder } from '../../rig/servers/folders.ts'

interface Manifest {
  readonly version: string
  readonly private: boolean
  readonly dependencies: Readonly<Record<string, string>>
}
const manifest = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as Manifest

test('the clients whose internals we use have exact versions', () => {
  for (const name of ['kafkajs', 'cassandra-driver']) assert.match(manifest.dependencies[name] ?? '', /^\d+\.\d+\.\d+$/)
})

// `npm pack` empties dist, so it runs in a copy.
describe('the npm package', () => {
  let folder: string
  let files: string[]
  let installed: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'package-'))
    const copy = join(folder, 'copy')
    mkdirSync(copy)
    for (const name of ['src', 'streams', 'rig', 'test', 'docs', 'scripts', 'deploy'])
      cpSync(join(projectFolder, name), join(copy, name), { recursive: true })
    const alone = ['package.json', 'tsconfig.json', 'README.md', 'CHANGELOG.md', 'LICENSE', '.env.example']
    for (const name of alone) cpSync(join(projectFolder, name), join(copy, name))
    // Files that are stale, secret or local must not be in the package.
    writeFileSync(join(copy, '.env'), 'CASSANDRA_PASSWORD=secret\n')
    mkdirSync(join(copy, 'dist/src'), { recursive: true })
    writeFileSync(join(copy, 'dist/src/stale.js'), '')
    symlinkSync(join(projectFolder, 'node_modules'), join(copy, 'node_modules'))

    const packed = execFileSync('npm', ['pack', '--json', '--loglevel=error'], { cwd: copy, encoding: 'utf8' })
    const [{ filename, files: listed }] = JSON.parse(packed) as [{ filename: string; files: { path: string }[] }]
    files = listed.map(({ path }) => path)
    installed = join(folder, 'installed')
    mkdirSync(installed)
    writeFileSync(join(installed, 'package.json'), '{}')
    const args = ['install', join(copy, filename), '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error']
    execFileSync('npm', args, { cwd: installed })
  })
  after(() => rmSync(folder, { recursive: true }))

  test('contains only the product', () => {
    const allowed =
      /^(dist\/(src|streams)\/.+\.js(\.map)?|src\/observe\/page\/[\w-]+\.(html|css|js|svg)|\.env\.example|[A-Z]+(\.md)?|package\.json)$/
    assert.deepEqual(
      files.filter(file => !allowed.test(file)),
      [],
    )
    for (const file of ['dist/src/main.js', 'src/observe/page/index.html', 'LICENSE', 'README.md', 'CHANGELOG.md'])
      assert.ok(files.includes(file), file)
    assert.ok(!files.includes('dist/src/stale.js'))
  })

  const run = (...args: string[]) =>
    spawnSync(join(installed, 'node_modules/.bin/sunbird-streams'), args, {
      cwd: installed,
      env: { PATH: process.env['PATH'] },
      input: '{"programId":"p","userId":"u"}\n',
      encoding: 'utf8',
      timeout: 30_000,
    })

  test('runs from an empty folder', () => {
    const config = run('config')
    assert.equal(config.status, 0, config.stderr)
    assert.match(config.stdout, /STREAM=program-user-info/)
    const preview = run('preview', 'program-user-info', '-')
    assert.equal(preview.status, 0, preview.stderr)
    assert.match(preview.stdout, /^\{"(row|deadLetter)":/)
    assert.equal(run('--help').status, 0)
    assert.ok(!existsSync(join(installed, 'node_modules/typescript')))
  })

  test('cannot be published by mistake', () => assert.equal(manifest.private, true))
})
