import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { projectFolder } from '../servers/folders.ts'

const dockerfile = readFileSync(join(projectFolder, 'Dockerfile'), 'utf8')
const stages = dockerfile.split(/^FROM /m)
const last = stages.at(-1) ?? ''

// No Docker is needed to see that what the last stage takes over is enough: the same files in a folder must run.
describe('what the image holds', () => {
  let app: string
  before(() => {
    app = mkdtempSync(join(tmpdir(), 'image-'))
    for (const [, from = '', to = ''] of last.matchAll(/^COPY --from=build \/app\/(\S+) (\S+)$/gm)) {
      const target = join(app, to === './' ? from : to)
      if (from === 'node_modules') symlinkSync(join(projectFolder, from), target)
      else if (from === 'dist') compile(target)
      else cpSync(join(projectFolder, from), target, { recursive: true })
    }
  })
  after(() => rmSync(app, { recursive: true }))

  const compile = (folder: string): void => {
    const tsc = join(projectFolder, 'node_modules', 'typescript', 'bin', 'tsc')
    const options = ['--project', 'tsconfig.build.json', '--outDir', folder]
    execFileSync(process.execPath, [tsc, ...options], { cwd: projectFolder })
  }
  const run = (...command: string[]) =>
    spawnSync(process.execPath, command, { cwd: app, env: {}, encoding: 'utf8', timeout: 30_000 })

  test('starts by its entry point, and holds the tools', () => {
    const [, entry = '[]'] = /^ENTRYPOINT (\[.*\])$/m.exec(last) ?? []
    const [node, ...args] = JSON.parse(entry) as string[]
    assert.equal(node, 'node')
    const worker = run(...args, '--print-config')
    assert.equal(worker.status, 0, worker.stderr)
    assert.match(worker.stdout, /^STREAM=program-user-info # default$/m)
    for (const tool of ['dead-letters', 'mend']) assert.equal(run(`dist/src/${tool}.js`, '--help').status, 0)
  })

  test('holds the page, and no tests', () => {
    const assets = pathToFileURL(join(app, 'dist/src/observe/assets.js')).href
    const loaded = run('--input-type=module', '--eval', `import { loadAssets } from '${assets}'; await loadAssets()`)
    assert.equal(loaded.status, 0, loaded.stderr)
    assert.equal(run('--eval', "require('node:fs').statSync('dist/test')").status, 1)
  })

  test('is run by a user without rights, in exec form, with a health check that asks /live', () => {
    assert.match(last, /^USER node$/m)
    assert.doesNotMatch(last, /^(CMD|ENTRYPOINT) [^[]/m)
    const [, check = '[]'] = /^HEALTHCHECK [^]*?CMD (\[.*\])$/m.exec(last) ?? []
    const [, ...args] = JSON.parse(check) as string[]
    assert.match(args.join(' '), /\/live/)
    assert.equal(
      spawnSync(process.execPath, args, { env: { HTTP_PORT: '1' }, timeout: 30_000 }).status,
      1,
      'nothing listens',
    )
  })
})
