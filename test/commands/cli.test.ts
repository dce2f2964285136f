import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Subject } from 'rxjs'
import { exitCodeMeanings, exitCodes } from '../../src/commands/exit-codes.ts'
import { type StopSignal } from '../../src/commands/edge.ts'
import { interruptible } from '../../src/commands/interruptible.ts'
import { projectFolder } from '../../rig/servers/folders.ts'
import { edgeOf, ran } from './edge.ts'

const commands = ['run', 'check', 'config', 'preview', 'dead-letters', 'mend', 'skip', 'audit']

describe('the command line', () => {
  test('lists every command and every exit code in its help', async () => {
    const { code, output, errors } = await ran(['--help'])
    assert.deepEqual([code, errors], [0, ''])
    assert.match(output, /^Usage: sunbird-streams \[command\]/)
    for (const command of commands) assert.match(output, new RegExp(`^  ${command} `, 'm'))
    for (const [codes, meaning] of exitCodeMeanings)
      assert.ok(output.includes(`  ${codes.padEnd(9)} ${meaning}\n`), codes)
  })

  for (const command of commands) {
    test(`has a help for ${command}, and needs no settings for it`, async () => {
      const { code, output } = await ran([command, '--help'], { env: { STREAM: 'nothing' } })
      assert.equal(code, 0)
      assert.match(output, /Exit codes:/)
    })
  }

  test('prints its version', async () => {
    const { version } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as { version: string }
    const { code, output, errors } = await ran(['--version'])
    assert.deepEqual([code, output, errors], [0, `${version}\n`, ''])
  })

  const wrong: [args: string[], says: RegExp][] = [
    [['chek'], /unknown command 'chek'\n\(Did you mean check\?\)/],
    [['--check'], /unknown option '--check'/],
    [['run', '--fast'], /unknown option '--fast'/],
    [['check', 'everything'], /too many arguments for 'check'/],
    [['preview'], /missing required argument 'stream'/],
    [['preview', 'program-user-info', 'a', 'b'], /too many arguments for 'preview'/],
    [['skip', '--partition', '3'], /required option '--offset/],
    [['skip', '--partition', '3', '--offset', 'x'], /--offset needs a whole number/],
    [['mend'], /use either --dry-run or --write/],
    [['mend', '--dry-run', '--write'], /use either --dry-run or --write/],
    [['dead-letters'], /^Usage: sunbird-streams dead-letters/],
    [['dead-letters', 'list', '--frm', '1'], /unknown option '--frm'/],
    [['dead-letters', 'replay', '--rate', '0'], /Use a whole number of at least 1/],
  ]
  for (const [args, says] of wrong) {
    test(`exits with 64 for: ${args.join(' ')}`, async () => {
      const { code, output, errors } = await ran(args)
      assert.deepEqual([code, output], [64, ''])
      assert.match(errors, says)
    })
  }

  test('exits with 78 when there is no such stream', async () => {
    const { code, errors } = await ran(['config'], { env: { STREAM: 'nothing' } })
    assert.equal(code, 78)
    assert.match(errors, /^there is no stream "nothing"; the streams are: .*\bprogram-user-info\b.*\n$/)
  })

  test('prints a bug with its stack', async () => {
    const readFile = (): string => {
      throw new TypeError('a bug')
    }
    const env = {
      get STREAM(): string {
        return readFile()
      },
    }
    const { code, errors } = await ran(['config'], { env })
    assert.equal(code, 1)
    assert.match(errors, /^TypeError: a bug\n {4}at /)
  })
})

describe('a command that can be interrupted', () => {
  const interrupted = async (signals: readonly StopSignal[], secondsBetween: number) => {
    const arriving = new Subject<StopSignal>()
    const ended: number[] = []
    let now = 0
    const clock = { now: () => now, schedule: () => assert.fail('nothing must be scheduled') }
    const code = await interruptible(
      edgeOf({ signals: arriving, clock, exit: given => void ended.push(given) }),
      signal => {
        for (const name of signals) {
          arriving.next(name)
          now += secondsBetween * 1000
        }
        return Promise.resolve(signal.aborted ? 0 : 1)
      },
    )
    return { code, ended, listening: arriving.observed }
  }

  test('returns its own exit code without a signal, and unsubscribes', async () => {
    assert.deepEqual(await interrupted([], 0), { code: 1, ended: [], listening: false })
  })

  test('finishes its current operation and returns the exit code of the signal', async () => {
    assert.deepEqual(await interrupted(['SIGINT'], 0), { code: exitCodes.SIGINT, ended: [], listening: false })
    assert.deepEqual(await interrupted(['SIGTERM'], 0), { code: exitCodes.SIGTERM, ended: [], listening: false })
  })

  test('ignores a second signal at once, and ends on a later one', async () => {
    assert.deepEqual((await interrupted(['SIGINT', 'SIGINT'], 0.5)).ended, [])
    assert.deepEqual((await interrupted(['SIGINT', 'SIGTERM'], 1.5)).ended, [exitCodes.SIGTERM])
  })
})
