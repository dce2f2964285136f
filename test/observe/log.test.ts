import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { describe, test } from 'node:test'
import { VirtualTimeScheduler } from 'rxjs'
import { type Lines, type Log, type LogSettings, openLog } from '../../src/observe/log/log.ts'
import { sampled, type SampledLines } from '../../src/observe/log/log-sampling.ts'

const json: LogSettings = { level: 'info', format: 'json' }

/** An output that collects its input, unless it is blocked. It may be a terminal. */
class Output extends Writable {
  readonly isTTY: boolean
  text = ''
  #blocked: (() => void)[] | undefined

  constructor({ isTTY = false, blocked = false } = {}) {
    super()
    this.isTTY = isTTY
    this.#blocked = blocked ? [] : undefined
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const take = (): void => {
      this.text += chunk.toString()
      done()
    }
    if (this.#blocked === undefined) take()
    else this.#blocked.push(take)
  }

  unblock(): void {
    const waiting = this.#blocked ?? []
    this.#blocked = undefined
    for (const take of waiting) take()
  }

  get lines(): string[] {
    return this.text.split('\n').slice(0, -1)
  }

  get entries(): Record<string, unknown>[] {
    return this.lines.map(line => JSON.parse(line) as Record<string, unknown>)
  }
}

/** The output of a log with one line, after it is closed. */
const said = async (say: (log: Log) => void, settings = json, out = new Output()): Promise<Output> => {
  const log = openLog(settings, out, new VirtualTimeScheduler())
  say(log)
  await log.close()
  return out
}

describe('a line', () => {
  test('is a JSON object with time, level and message first, then the facts', async () => {
    const out = await said(log => log.warn('paused', { partition: 3, because: 'in-flight', idle: false, since: null }))
    const says = '"level":"warn","message":"paused","partition":3,"because":"in-flight","idle":false,"since":null'
    assert.equal(out.text, `{"time":"1970-01-01T00:00:00.000Z",${says}}\n`)
  })

  test('on a terminal is for people, in colour', async () => {
    const out = await said(
      log => log.warn('paused', { partition: 3, because: 'in-flight' }),
      { level: 'info', format: 'auto' },
      new Output({ isTTY: true }),
    )
    assert.equal(out.text, '00:00:00.000 \u001b[33mwarn \u001b[0m paused partition=3 because=in-flight\n')
  })

  const formats = [
    { format: 'auto', isTTY: false, first: '{' },
    { format: 'auto', isTTY: true, first: '0' },
    { format: 'json', isTTY: true, first: '{' },
    { format: 'pretty', isTTY: false, first: '0' },
  ] as const
  for (const { format, isTTY, first } of formats) {
    test(`in format ${format} ${isTTY ? 'on a terminal' : 'elsewhere'} begins with ${first}`, async () => {
      const out = await said(log => log.info('on'), { level: 'info', format }, new Output({ isTTY }))
      assert.equal(out.text[0], first)
      assert.equal(out.text.includes('\u001b['), format === 'auto' && isTTY)
    })
  }

  const levels = ['error', 'warn', 'info', 'debug'] as const
  for (const [severity, level] of levels.entries()) {
    test(`is left out if it is less severe than ${level}`, async () => {
      const out = await said(log => levels.forEach(each => log[each]('on')), { level, format: 'json' })
      assert.deepEqual(
        out.entries.map(entry => entry['level']),
        levels.slice(0, severity + 1),
      )
    })
  }

  test('stays one line for people, and control characters do not reach the terminal', async () => {
    const says = (log: Log): void => log.info('a\nb', { fact: 'c\r\n\u001b[31md' })
    const out = await said(says, { level: 'info', format: 'pretty' })
    assert.equal(out.text, '00:00:00.000 info  a b fact=c [31md\n')
  })
})

describe('a fact', () => {
  const fact = async (value: unknown): Promise<unknown> =>
    (await said(log => log.info('on', { value }))).entries[0]?.['value']

  const failure = new Error('no answer', { cause: new TypeError('bad host', { cause: 'a text' }) })
  const hung = Object.assign(new Error('refused'), { request: { userId: 'marker' }, innerErrors: ['marker'] })
  const parsing = (() => {
    try {
      return JSON.parse('{"name":marker}') as unknown
    } catch (error) {
      return error
    }
  })()
  const cases: readonly [what: string, value: unknown, shown: unknown][] = [
    ['left undefined is left out', undefined, undefined],
    ['that is a long integer is its digits', 12345678901234567890n, '12345678901234567890'],
    ['that is a list of scalars is shown', [0, 'a', true], [0, 'a', true]],
    ['that is counts by name is shown', { 'not-json': 3, 'bad-date': 0 }, { 'not-json': 3, 'bad-date': 0 }],
    [
      'that is an error is its name and message, and those of its causes',
      failure,
      'Error: no answer, caused by TypeError: bad host',
    ],
    [
      'that is an error without message is its code',
      Object.assign(new Error(), { code: 'ECONNREFUSED' }),
      'Error: ECONNREFUSED',
    ],
    ['that is an error does not show its other properties', hung, 'Error: refused'],
    ['that is a syntax error does not show the text that it quotes', parsing, 'SyntaxError'],
    ['that may be an event is not shown', { programId: 'marker' }, '[not shown]'],
    ['that may be a row is not shown', new Map([['state_name', 'marker']]), '[not shown]'],
    ["that may be a message's value is not shown", Buffer.from('marker'), '[not shown]'],
    ['that is a list of objects is only counted', [{ a: 'marker' }, {}], '[2 items]'],
  ]
  for (const [what, value, shown] of cases) test(what, async () => assert.deepEqual(await fact(value), shown))

  test('cannot override time, level and message', async () => {
    const out = await said(log => log.info('on', { level: 'error', message: 'other', time: 'never' }))
    assert.deepEqual(out.entries, [{ time: '1970-01-01T00:00:00.000Z', level: 'info', message: 'on' }])
  })

  test('that is an error has its stack in a line at error, at any log level', async () => {
    const out = await said(log => log.error('failed', { failure }), { level: 'info', format: 'json' })
    assert.match(String(out.entries[0]?.['failure']), /bad host\n {4}at /)
    const warned = await said(log => log.warn('failed', { failure }), { level: 'info', format: 'json' })
    assert.doesNotMatch(String(warned.entries[0]?.['failure']), /\n/)
  })

  test('that is an error has its stack at level debug, and never the message twice', async () => {
    const out = await said(log => log.error('failed', { failure }), { level: 'debug', format: 'json' })
    assert.match(String(out.entries[0]?.['failure']), /^Error: no answer, caused by TypeError: bad host\n {4}at /)
    assert.equal(out.text.split('no answer').length, 2)
  })
})

describe('an output that is blocked', () => {
  const line = 'x'.repeat(1_000)

  const flooded = (): { out: Output; log: Log } => {
    const out = new Output({ blocked: true })
    const log = openLog(json, out, new VirtualTimeScheduler())
    for (let n = 0; n < 5_000; n++) log.info(line, { n })
    return { out, log }
  }

  test('gets the first lines in order when it is writable again, and then the number of dropped lines', async () => {
    const { out, log } = flooded()
    out.unblock()
    await log.close()
    const lines = out.entries.filter(({ message }) => message === line)
    const notices = out.entries.filter(({ message }) => message !== line)
    assert.deepEqual(
      lines.map(({ n }) => n),
      lines.map((_, index) => index),
    )
    assert.deepEqual(
      notices.map(({ level, dropped }) => ({ level, dropped })),
      [{ level: 'warn', dropped: 5_000 - lines.length }],
    )
    assert.ok(lines.length > 900 && lines.length < 1_200, `${lines.length} lines waited`)
  })

  test('gets lines that are logged after it is writable again', async () => {
    const { out, log } = flooded()
    out.unblock()
    await new Promise(resolve => setImmediate(resolve))
    log.info('flows')
    await log.close()
    assert.equal(out.entries.at(-1)?.['message'], 'flows')
  })

  test('delays the close of the log by at most two seconds', async () => {
    const clock = new VirtualTimeScheduler()
    const log = openLog(json, new Output({ blocked: true }), clock)
    log.info('on')
    const closed = log.close()
    clock.flush()
    await closed
    assert.equal(clock.now(), 2_000)
  })
})

describe('an output that fails', () => {
  class Broken extends Writable {
    tries = 0

    override _write(_chunk: Buffer, _encoding: BufferEncoding, done: (error: Error) => void): void {
      this.tries += 1
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    }
  }

  for (const autoDestroy of [true, false]) {
    test(`does not end the process, whether or not it closes itself (${autoDestroy})`, async () => {
      const out = new Broken({ autoDestroy })
      const log = openLog(json, out, new VirtualTimeScheduler())
      for (let n = 0; n < 10; n++) {
        log.info('on', { n })
        await new Promise(resolve => setImmediate(resolve))
      }
      await log.close()
      assert.ok(out.tries > 0)
      assert.equal(log.linesDropped, 10)
    })
  }
})

describe('close', () => {
  test('resolves when the last line is written', async () => {
    const out = new Output({ blocked: true })
    const log = openLog(json, out, new VirtualTimeScheduler())
    log.info('first')
    log.info('last')
    let closed = false
    const closing = log.close().then(() => (closed = true))
    await new Promise(resolve => setImmediate(resolve))
    assert.equal(closed, false)
    out.unblock()
    await closing
    assert.deepEqual(
      out.entries.map(({ message }) => message),
      ['first', 'last'],
    )
  })

  test('leaves the output open, may be called again, and ignores later lines', async () => {
    const out = new Output()
    const log = openLog(json, out, new VirtualTimeScheduler())
    log.info('last')
    await log.close()
    log.info('later')
    await log.close()
    assert.equal(out.lines.length, 1)
    assert.equal(out.writable, true)
  })
})

describe('a sampled log', () => {
  interface Sampled {
    readonly lines: string[]
    readonly log: SampledLines
    readonly clock: VirtualTimeScheduler
  }

  const open = (): Sampled => {
    const lines: string[] = []
    const clock = new VirtualTimeScheduler()
    const line =
      (level: string): Lines['info'] =>
      (message, facts = {}) =>
        lines.push(`${clock.now()} ${level} ${message} ${JSON.stringify(facts)}`)
    const plain: Lines = { error: line('error'), warn: line('warn'), info: line('info'), debug: line('debug') }
    return { lines, clock, log: sampled(plain, { burst: 2, perMs: 10_000 }, clock) }
  }

  test('logs a burst, counts the rest and logs the count at the end of the span', () => {
    const { lines, clock, log } = open()
    for (let n = 0; n < 1_236; n++) log.warn('dead letter', { n })
    clock.flush()
    assert.deepEqual(lines, [
      '0 warn dead letter {"n":0}',
      '0 warn dead letter {"n":1}',
      '10000 warn dead letter (1234 more in 10 s) {"leftOut":1234}',
    ])
  })

  test('logs no count if nothing was left out, and starts the next span', () => {
    const { lines, clock, log } = open()
    const say = (): void => log.info('on')
    for (const at of [0, 9_999, 10_001, 10_002, 10_003]) clock.schedule(say, at)
    clock.flush()
    assert.deepEqual(lines, [
      '0 info on {}',
      '9999 info on {}',
      '10001 info on {}',
      '10002 info on {}',
      '20001 info on (1 more in 10 s) {"leftOut":1}',
    ])
  })

  test('samples each level and message separately', () => {
    const { lines, log } = open()
    for (const message of ['a', 'b']) for (let n = 0; n < 3; n++) log.info(message)
    for (let n = 0; n < 3; n++) log.error('a')
    assert.equal(lines.length, 6)
  })

  test('logs the count at its end, and leaves no timer', () => {
    const { lines, clock, log } = open()
    for (let n = 0; n < 5; n++) log.info('on')
    log.end()
    log.info('on')
    assert.deepEqual(lines.slice(2), ['0 info on (3 more in 10 s) {"leftOut":3}'])
    clock.flush()
    assert.equal(clock.now(), 0)
    assert.equal(lines.length, 3)
  })
})
