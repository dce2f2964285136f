import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createInterface } from 'node:readline'
import { entryPoint } from '../../rig/product.ts'
import { projectFolder } from '../../rig/servers/folders.ts'

const dockerfile = readFileSync(join(projectFolder, 'Dockerfile'), 'utf8')
const stages = dockerfile.split(/^FROM /m)
const last = stages.at(-1) ?? ''

/**
 * Wraps a command to run as a user who can read every file but change none, like `USER 1000:1000` on a read-only root file
 * system. The command replaces the process. Only root can drop these privileges.
 */
const withoutRights = (command: readonly string[]): string[] => [
  ...['--mount', 'sh', '-c', 'mount -o remount,bind,ro / && exec "$@"', 'sh'],
  ...['setpriv', '--reuid=1000', '--regid=1000', '--clear-groups', '--no-new-privs', '--bounding-set=-all'],
  ...command,
]

const canTakeRightsAway = (): boolean => spawnSync('unshare', withoutRights(['true'])).status === 0

const bytesOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)

// This needs no Docker: the files that the last stage copies must run in an ordinary folder too.
describe('the content of the image', () => {
  let app: string
  before(() => {
    app = mkdtempSync(join(tmpdir(), 'image-'))
    chmodSync(app, 0o755)
    for (const [, from = '', to = ''] of last.matchAll(/^COPY --from=build \/app\/(\S+) (\S+)$/gm)) {
      const target = join(app, to === './' ? from : to)
      if (from === 'node_modules') install(app)
      else if (from === 'dist') build(target)
      else cpSync(join(projectFolder, from), target, { recursive: true })
    }
  })
  after(() => rmSync(app, { recursive: true }))

  const install = (folder: string): void => {
    cpSync(join(projectFolder, 'package-lock.json'), join(folder, 'package-lock.json'))
    execFileSync('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder })
  }
  const build = (folder: string): void => {
    execFileSync(process.execPath, [join(projectFolder, 'scripts', 'bundle.mjs'), folder])
  }
  const run = (...command: string[]) =>
    spawnSync(process.execPath, command, { cwd: app, env: {}, encoding: 'utf8', timeout: 30_000 })

  test('starts with its entry point, and has the commands', () => {
    const [node, ...args] = entryPoint()
    assert.equal(node, 'node')
    const worker = run(...args, 'config')
    assert.equal(worker.status, 0, worker.stderr)
    assert.match(worker.stdout, /^#STREAM=program-user-info$/m)
    for (const tool of ['dead-letters', 'mend']) assert.equal(run(...args, tool, '--help').status, 0)
  })

  test('contains only the product', () => assert.deepEqual(readdirSync(join(app, 'dist')).sort(), ['src', 'streams']))

  const addressOf = async (worker: ChildProcess): Promise<string> => {
    if (worker.stdout === null) throw new Error('it has no output')
    for await (const line of createInterface({ input: worker.stdout })) {
      const { url } = JSON.parse(line) as { url?: string }
      if (url !== undefined) return url
    }
    throw new Error('it ended before it served HTTP')
  }

  test('runs as an unprivileged user on a read-only file system, and shuts down on SIGTERM', async () => {
    assert.ok(
      canTakeRightsAway(),
      'only root can run a command as an unprivileged user: run the tests as root on Linux',
    )
    const [, ...args] = entryPoint()
    const env = {
      HTTP_PORT: '0',
      LOG_FORMAT: 'json',
      KAFKA_BROKER_SERVERS: '127.0.0.1:1',
      ML_CASSANDRA_HOST: '127.0.0.1',
    }
    const command = withoutRights([process.execPath, ...args])
    const worker = spawn('unshare', command, { cwd: app, env: { ...env, PATH: process.env['PATH'] } })
    try {
      const url = await addressOf(worker)
      assert.match(await (await fetch(new URL('live', url))).text(), /live/)
      assert.equal((await fetch(new URL('page.js', url))).status, 200)
      const status = readFileSync(`/proc/${worker.pid ?? 0}/status`, 'utf8')
      assert.match(status, /^Uid:\t1000\t/m)
      assert.match(status, /^CapBnd:\t0+$/m)
      const ended = once(worker, 'exit')
      worker.kill('SIGTERM')
      assert.deepEqual(await ended, [0, null])
    } finally {
      worker.kill('SIGKILL')
    }
  })

  test('has only production packages, and is small', () => {
    const packages = readdirSync(join(app, 'node_modules'))
    for (const name of ['typescript', 'oxlint', 'playwright-core']) assert.ok(!packages.includes(name), name)
    const megabytes = bytesOf(app) / 1e6
    assert.ok(megabytes < 60, `${megabytes.toFixed(0)} MB`)
  })

  test('runs as an unprivileged user, in exec form, with a health check on /live', () => {
    assert.match(last, /^USER 1000:1000$/m)
    assert.match(last, /^ENV HTTP_HOST=::$/m)
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
