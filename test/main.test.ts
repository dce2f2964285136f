import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import { eventually } from '../rig/eventually.ts'
import { productIn } from '../rig/product.ts'
import { projectFolder } from '../rig/servers/folders.ts'
import { inherited } from '../rig/servers/inherited.ts'
import { freePort } from '../rig/servers/ports.ts'
import { Worker } from './integration/worker.ts'

const ended = async (env: Record<string, string>, ...args: string[]) => {
  const worker = new Worker(env, ...args)
  const code = await worker.exited()
  return { code, output: worker.output, errors: worker.errors }
}

const nowhere = { KAFKA_BROKER_SERVERS: '127.0.0.1:1', ML_CASSANDRA_HOST: '127.0.0.1', ML_CASSANDRA_PORT: '1' }
const waiting = 'reading is paused: waiting for a fault to pass'

describe('the process', () => {
  test('exits with 78 and reports all faults of the configuration', async () => {
    const { code, output, errors } = await ended({ MAX_IN_FLIGHT_RECORDS: 'many', KAFKA_BROKER_SERVERS: 'x:y' })
    assert.deepEqual([code, output], [78, ''])
    assert.match(errors, /MAX_IN_FLIGHT_RECORDS holds "many"/)
    assert.match(errors, /KAFKA_BROKER_SERVERS holds "x:y"/)
  })

  test('exits with 78 if there is no such stream, and lists the streams', async () => {
    const { code, errors } = await ended({ STREAM: 'nothing' })
    assert.equal(code, 78)
    assert.match(errors, /there is no stream "nothing"; the streams are: .*\bprogram-user-info\b/)
  })

  test('prints the settings with masked secrets, and exits with 0', async () => {
    const env = { CASSANDRA_USERNAME: 'user', CASSANDRA_PASSWORD: 'geheim', ENV: 'prod' }
    const { code, output } = await ended(env, 'config')
    assert.equal(code, 0)
    assert.match(output, /^#KAFKA_INPUT_TOPIC=prod\.programuser\.info$/m)
    assert.match(output, /^#CASSANDRA_PASSWORD=\*\*\*$/m)
    assert.doesNotMatch(output, /geheim/)
  })

  test('prints its help, and exits with 64 for an unknown option', async () => {
    const help = await ended({}, '--help')
    assert.deepEqual([help.code, help.output.startsWith('Usage: sunbird-streams [command]')], [0, true])
    const unknown = await ended({}, '--fast')
    assert.deepEqual([unknown.code, unknown.output], [64, ''])
    assert.match(unknown.errors, /'--fast'/)
  })

  test('exits with 0 if its output is closed early', async () => {
    const child = spawn(process.execPath, [join(projectFolder, 'dist', 'src', 'main.js'), 'check', '--help'])
    child.stdout.destroy()
    const errors = text(child.stderr)
    const [code] = (await once(child, 'close')) as [number]
    assert.deepEqual([code, await errors], [0, ''])
  })

  // Only Linux has a device that is always full.
  if (process.platform === 'linux') {
    const toFullDisk = (env: Record<string, string>, ...args: string[]) => {
      const full = openSync('/dev/full', 'w')
      const child = spawn(process.execPath, [productIn(projectFolder), ...args], {
        cwd: tmpdir(),
        env: { ...inherited(), HTTP_PORT: '0', ...env },
        stdio: ['ignore', full, 'pipe'],
      })
      closeSync(full)
      assert.ok(child.stderr !== null)
      return { child, errors: text(child.stderr), closed: once(child, 'close') }
    }
    const reason = 'standard output cannot be written: ENOSPC: no space left on device, write'

    for (const args of [['config'], ['--help']]) {
      test(`exits with 1 and one line if the output of ${args.join(' ')} cannot be written`, async () => {
        const { errors, closed } = toFullDisk({}, ...args)
        assert.deepEqual(await closed, [1, null])
        assert.equal(await errors, `${reason}\n`)
      })
    }

    test('runs without its log if that cannot be written, counts the lines, and says so once', async t => {
      const port = String(await freePort())
      const { child, errors, closed } = toFullDisk({ ...nowhere, HTTP_PORT: port })
      t.after(() => child.kill('SIGKILL'))
      await eventually(
        'the worker counts several log lines that it could not write',
        async () => {
          const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
          const [, dropped = '0'] = /^sunbird_streams_log_lines_dropped_total\S* (\d+)$/m.exec(metrics) ?? []
          assert.ok(Number(dropped) > 2, dropped)
        },
        30_000,
      )
      child.kill('SIGTERM')
      assert.deepEqual(await closed, [0, null])
      assert.equal(await errors, `${reason}; the worker continues without its log\n`)
    })
  }

  test('exits with 0 on SIGTERM while it waits for servers, after its last log line', async () => {
    const worker = new Worker(nowhere)
    await worker.logged(waiting)
    assert.equal(await worker.stop(), 0)
    assert.equal(worker.log.at(-1)?.message, 'stopped')
  })

  for (const [what, bug] of [
    ['an error that nobody catches', 'throw new Error(`a_bug`)'],
    ['a rejection that nobody handles', 'Promise.reject(new Error(`a_bug`))'],
  ] as const) {
    test(`logs ${what} with its stack, and exits with 1`, async () => {
      const broken = `--import=data:text/javascript,process.on(\`SIGUSR2\`,()=>{${bug}})`.replaceAll(' ', '%20')
      const worker = new Worker({ ...nowhere, NODE_OPTIONS: broken })
      await worker.logged(waiting)
      worker.signal('SIGUSR2')
      assert.equal(await worker.exited(), 1)
      const line = worker.log.at(-1)
      assert.deepEqual([line?.level, line?.message], ['error', 'the worker cannot continue'])
      assert.match(String(line?.['error']), /^Error: a_bug\n {4}at /)
    })
  }
})
