import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { projectFolder } from '../../rig/servers/folders.ts'

const env = { PATH: process.env['PATH'] }

describe('in a checkout without a build', () => {
  let checkout: string
  before(() => {
    checkout = mkdtempSync(join(tmpdir(), 'checkout-'))
    // Without the rig and the tests, whose compilation would take most of the time.
    const filter = (path: string): boolean => !/\/scripts\/.*\.ts$/.test(path)
    for (const name of ['src', 'streams', 'scripts', 'package.json', 'tsconfig.json'])
      cpSync(join(projectFolder, name), join(checkout, name), { recursive: true, filter })
    symlinkSync(join(projectFolder, 'node_modules'), join(checkout, 'node_modules'))
  })
  after(() => rmSync(checkout, { recursive: true }))

  test('npm start builds the worker, and SIGTERM to npm stops it', async () => {
    const nowhere = { KAFKA_BROKER_SERVERS: '127.0.0.1:1', ML_CASSANDRA_PORT: '1', HTTP_PORT: '0', LOG_FORMAT: 'json' }
    const npm = spawn('npm', ['start'], { cwd: checkout, env: { ...env, ...nowhere }, detached: true })
    let output = ''
    npm.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    const waiting = new Promise<void>(resolve => {
      npm.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text
        if (output.includes('waiting for a fault to pass')) resolve()
      })
    })
    // The pipe is closed when the worker has ended too.
    const closed = once(npm, 'close')
    try {
      await Promise.race([waiting, closed])
      npm.kill('SIGTERM')
      await Promise.race([
        closed,
        new Promise((_, reject) => setTimeout(() => reject(new Error(`still running:\n${output}`)), 20_000).unref()),
      ])
      assert.match(output, /"message":"stopped"/)
    } finally {
      // Its whole process group, if anything is left of it.
      if (npm.pid !== undefined) spawnSync('kill', ['-9', '--', `-${npm.pid}`])
    }
  })

  test('a stream exists as long as its folder does', () => {
    const stream = join(checkout, 'streams', 'second')
    const preview = () =>
      spawnSync('npm', ['run', '-s', 'preview', '--', 'second'], {
        cwd: checkout,
        env,
        input: '{}\n',
        encoding: 'utf8',
      })
    cpSync(join(checkout, 'streams', 'program-user-info'), stream, { recursive: true })
    assert.equal(preview().status, 0)
    rmSync(stream, { recursive: true })
    const { status, stderr } = preview()
    assert.equal(status, 64)
    assert.match(stderr, /there is no stream "second"; the streams are: program-user-info/)
  })
})
