import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable, Writable } from 'node:stream'
import { describe, test, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { edgeOf, ran } from '../edge.ts'
import { runCommand } from '../../../src/commands/cli.ts'

const event = (userId: string) =>
  JSON.stringify({ programId: 'p', userId, createdAt: '2023-07-27T04:12:18Z', updatedAt: '2023-07-27T04:12:18Z' })

const run = async (args: string[], input: Iterable<Buffer> = []) => {
  const { code, output, errors } = await ran(['preview', ...args], { stdin: Readable.from(input) })
  return { code, printed: output, said: errors }
}

type Line = { readonly row: { readonly user_id: string } } | { readonly deadLetter: { readonly reason: string } }

/** The output as one word a line: the user of a row, or the reason of a dead letter. */
const words = (printed: string): string[] =>
  printed
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as Line)
    .map(line => ('row' in line ? line.row.user_id : line.deadLetter.reason))

const file = async (context: TestContext, content: string) => {
  const folder = await mkdtemp(join(tmpdir(), 'preview-'))
  context.after(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'events'), content)
  return join(folder, 'events')
}

describe('preview prints one line for each line it reads', () => {
  test('as JSON: the row, or the dead letter with its reason', async () => {
    const { code, printed, said } = await run(['program-user-info'], [Buffer.from(`${event('u')}\n{}\n`)])
    const row =
      '{"row":{"program_id":"p","user_id":"u","program_externalid":null,"program_name":null,' +
      '"pii_consent_required":false,"created_at":"2023-07-27","updated_at":"2023-07-27"}}'
    const deadLetter =
      '{"deadLetter":{"reason":"missing-key","message":"programId: absent, but part of the primary key"}}'
    assert.deepEqual({ code, printed, said }, { code: 0, printed: `${row}\n${deadLetter}\n`, said: '' })
  })

  const inputs: [what: string, input: string, expected: string[]][] = [
    ['nothing for an empty input', '', []],
    ['the last one without a line break', `${event('a')}\n${event('b')}`, ['a', 'b']],
    ['no further line for a line break at the end', `${event('a')}\n`, ['a']],
    [
      'an empty value for an empty line',
      `${event('a')}\n\n\r\n${event('b')}\n`,
      ['a', 'empty-value', 'empty-value', 'b'],
    ],
    ['lines with Windows line endings', `${event('a')}\r\n${event('b')}\r\n`, ['a', 'b']],
    ['a separator that is not a line break in JSON', `${event('a\u2028b')}\n`, ['a\u2028b']],
  ]
  for (const [what, input, expected] of inputs) {
    for (const size of [1, 7, 65_536]) {
      test(`${what}, read ${size} bytes at a time`, async () => {
        const bytes = Buffer.from(input)
        const count = Math.ceil(bytes.length / size)
        const chunks = Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size))
        assert.deepEqual(words((await run(['program-user-info'], chunks)).printed), expected)
      })
    }
  }

  test('of bytes that are not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from(event('a'))])
    assert.deepEqual(words((await run(['program-user-info'], [bytes])).printed), ['not-json', 'a'])
  })

  test('from a file', async context => {
    const { code, printed } = await run(['program-user-info', await file(context, event('a'))])
    assert.deepEqual([code, words(printed)], [0, ['a']])
  })
})

describe('preview as a command', () => {
  test('respects the backpressure of its output', async () => {
    let read = 0
    const input = function* () {
      for (; read < 1000; read++) yield Buffer.from(`${event('u')}\n`)
    }
    const stuck = new Writable({ highWaterMark: 1, write: () => undefined })
    const stdin = Readable.from(input(), { highWaterMark: 1 })
    const done = runCommand(['preview', 'program-user-info'], edgeOf({ stdin, stdout: stuck }))
    while (!stuck.writableNeedDrain) await setImmediate()
    for (let turn = 0; turn < 1000; turn++) await setImmediate()
    assert.ok(read < 20, `${read} lines were read`)
    stuck.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    assert.equal(await done, 0)
  })

  test('ends quietly if its output is closed', async () => {
    const gone = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error(), { code: 'EPIPE' })),
    })
    const input = function* () {
      for (;;) yield Buffer.from(`${event('u')}\n`)
    }
    const stderr = new PassThrough()
    assert.equal(
      await runCommand(
        ['preview', 'program-user-info'],
        edgeOf({ stdin: Readable.from(input()), stdout: gone, stderr }),
      ),
      0,
    )
    assert.equal(stderr.read(), null)
  })

  test('lists the streams if there is none of this name', async () => {
    const { code, printed, said } = await run(['nonesuch'])
    assert.deepEqual([code, printed], [64, ''])
    assert.match(said, /^there is no stream "nonesuch"; the streams are: .*\bprogram-user-info\b.*\n$/)
  })

  test('explains that it reads one event a line if an event has several lines', async () => {
    const pretty = JSON.stringify({ programId: 'p', userId: 'u' }, undefined, 2)
    for (const input of [pretty, `[${pretty}]`, '{ "a": 1,\n"b": 2 }']) {
      const { code, printed, said } = await run(['program-user-info', '-'], [Buffer.from(input)])
      assert.deepEqual([code, printed], [66, ''])
      assert.match(said, /preview reads one event a line: convert it with jq -c/)
    }
    const { code, printed } = await run(['program-user-info'], [Buffer.from(`{"a": 1\n${event('a')}`)])
    assert.deepEqual([code, words(printed)], [0, ['not-json', 'a']])
  })

  test('reads standard input if the file is -', async () => {
    const { code, printed } = await run(['program-user-info', '-'], [Buffer.from(event('a'))])
    assert.deepEqual([code, words(printed)], [0, ['a']])
  })

  test('says which file cannot be read, and why', async () => {
    const { code, said } = await run(['program-user-info', '/nonexistent/events'])
    assert.equal(code, 66)
    assert.match(said, /^cannot read \/nonexistent\/events: ENOENT/)
    const folder = await run(['program-user-info', tmpdir()])
    assert.equal(folder.code, 66)
    assert.match(folder.said, /^cannot read .*: EISDIR/)
  })
})
