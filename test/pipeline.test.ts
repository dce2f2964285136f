import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { filter, from, interval, map, type Observable, take, takeWhile } from 'rxjs'
import { InFlightLedger } from '../src/ledger/in-flight.ts'
import { Events } from '../src/observe/events.ts'
import { type Observer, pipeline, type PipelineSettings } from '../src/pipeline.ts'
import { type KafkaRecord } from '../src/model/record.ts'
import { type Answer, clients, errors, inTurn, linesLog } from './clients.ts'
import { marbles, type Run } from './marbles.ts'
import { eventRecord, letters, record } from './records.ts'

interface Answers {
  readonly write?: Answer
  readonly publish?: Answer
  readonly commit?: Answer
}

const usual: PipelineSettings = {
  writeOrder: 'read',
  inFlight: { records: 1000, bytes: 1_000_000 },
  windowMs: 2,
  batch: { rows: 100, bytes: 100_000 },
  writeConcurrency: 2,
  commitIntervalMs: 10,
  backoff: { firstMs: 4, capMs: 16 },
}

/** An observer that does nothing. */
const deaf: Observer = {
  read: () => undefined,
  settled: () => undefined,
  paused: () => undefined,
  resumed: () => undefined,
  deadLettered: () => undefined,
  watch: () => ({ faulted: () => undefined, over: () => undefined }),
}

/** The whole pipeline with clients that respond by diagrams, and a backoff of 2, 4, 8, 8 ... ms. */
const running = (
  run: Run,
  records: Observable<KafkaRecord>,
  { write, publish, commit }: Answers = {},
  settings: Partial<PipelineSettings> = {},
  silent = false,
) => {
  const { source, table, topic, journal } = clients(run)
  const log = linesLog()
  const inFlight = new InFlightLedger()
  const events = new Events(log, log, run.clock, inFlight)
  const observer: Observer = silent ? deaf : events
  const dependencies = {
    source: source(records, commit),
    table: table(write),
    deadLetters: topic(publish),
    observer,
    inFlight,
    clock: run.clock,
    random: () => 0,
  }
  const commits = pipeline(letters, { ...usual, ...settings }, dependencies).pipe(
    map(positions => positions.map(({ partition, offset }) => `${partition}:${offset}`).join(' ')),
  )
  return { commits, journal, events, log }
}

const row = (offset: number, over: object = {}): KafkaRecord =>
  eventRecord(offset, { r: `r${offset}`, a: 'x', ...over })
const bad = (offset: number): KafkaRecord => record(offset, { value: Buffer.from('{') })

const items = { a: row(0), b: row(1), c: row(2), d: row(3), q: row(1, { p: 'Q' }), x: bad(1) }

const without = (journal: readonly string[], ...words: readonly string[]): string[] =>
  journal.filter(line => !words.some(word => line.includes(word)))

describe('the pipeline', () => {
  test(
    'takes a record through window, write and commit',
    marbles(run => {
      const records = run.hot('-a------------------|', items)
      // window                --|
      // write                   ---|
      // commit interval            ----------|
      const expected = '       ----------------p---|'
      const { commits, journal } = running(run, records, { write: inTurn('---|') })
      run.expectObservable(commits).toBe(expected, { p: '0:1' })
      run.flush()
      assert.deepEqual(journal, ['3 write 0', '16 commit 0:1'])
    }),
  )

  test(
    'does nothing without records, and completes with an empty source',
    marbles(run => {
      const { commits, journal } = running(run, run.cold('-'))
      run.expectObservable(commits).toBe('-')
      run.expectObservable(running(run, run.cold('--|')).commits).toBe('--|')
      run.flush()
      assert.deepEqual([journal, run.clock.now()], [[], 2])
    }),
  )

  test(
    'writes the last window and commits at once when the source completes, and then completes',
    marbles(run => {
      const records = run.hot('-ab|', items)
      const { commits, journal } = running(run, records, { write: inTurn('--|'), commit: inTurn('---|') })
      run.expectObservable(commits).toBe('--------(p|)', { p: '0:2' })
      run.flush()
      assert.deepEqual(journal, ['3 write 0 1', '5 commit 0:2'])
    }),
  )

  test(
    'commits at each interval while records settle, but not when idle',
    marbles(run => {
      const records = run.hot('a-----------b-----------------------c-----------------------|', items)
      const expected = '       ------------p-----------q-----------------------r-----------|'
      const { commits, journal } = running(run, records)
      run.expectObservable(commits).toBe(expected, { p: '0:1', q: '0:2', r: '0:3' })
      run.flush()
      assert.deepEqual(without(journal, 'write'), ['12 commit 0:1', '24 commit 0:2', '48 commit 0:3'])
    }),
  )

  test(
    'fails on an error of ours, unsubscribes from the source, and commits nothing more',
    marbles(run => {
      const records = run.hot('aq---------------', items)
      const { commits, journal } = running(
        run,
        records,
        { write: asked => (asked === '0' ? '|' : '---?') },
        { windowMs: 1 },
      )
      run.expectObservable(commits).toBe('----#', {}, errors['?'])
      run.expectSubscriptions(records.subscriptions).toBe('^---!')
      run.flush()
      assert.deepEqual(journal, ['1 write 0', '1 write 1'])
    }),
  )

  test(
    'cancels everything on unsubscribe',
    marbles(run => {
      const records = run.hot('-a------------', items)
      const unsubscribed = '   -----!'
      run.expectObservable(running(run, records, { write: inTurn('#') }).commits, unsubscribed).toBe('-')
      run.expectSubscriptions(records.subscriptions).toBe('^----!')
      run.flush()
      assert.equal(run.clock.now(), 5)
    }),
  )
})

describe('a fault', () => {
  test(
    'lets one batch wait while another one succeeds, and pauses reading meanwhile',
    marbles(run => {
      const records = run.hot('(aq)------------|', items)
      const { commits, journal } = running(run, records, {
        write: (asked, call) => (asked === '0' && call < 4 ? '-#' : '-|'),
      })
      run.expectObservable(commits).toBe('-------------p--|', { p: '0:2' })
      run.flush()
      assert.deepEqual(journal, [
        ...['2 write 0', '2 write 1', '3 pause', '5 write 0'],
        ...['10 write 0', '11 resume', '13 commit 0:2'],
      ])
    }),
  )

  test(
    'of several writes pauses once, and resumes after the last',
    marbles(run => {
      const records = run.hot('(aq)----------------|', items)
      const fails = (asked: string, call: number) => (call <= 2 || (asked === '1' && call < 6) ? '#' : '|')
      const { commits, journal } = running(run, records, { write: fails })
      run.expectObservable(commits).toBe('--------------p-----(q|)', { p: '0:1', q: '0:2' })
      run.flush()
      assert.deepEqual(without(journal, 'write', 'commit'), ['2 pause', '16 resume'])
    }),
  )

  test(
    'of a commit pauses reading too, and commits the latest positions afterwards',
    marbles(run => {
      const records = run.hot('a----------b------|', items)
      const { commits, journal } = running(run, records, { commit: inTurn('-#', '-|') })
      run.expectObservable(commits).toBe('----------------p-|', { p: '0:2' })
      run.flush()
      assert.deepEqual(journal, [
        ...['2 write 0', '12 commit 0:1', '13 write 1', '13 pause'],
        ...['15 commit 0:2', '16 resume'],
      ])
    }),
  )

  test(
    'is retried at the end too',
    marbles(run => {
      const records = run.hot('(a|)', items)
      const { commits, journal } = running(run, records, {
        write: inTurn('#', '#', '#', '|'),
        commit: inTurn('#', '|'),
      })
      run.expectObservable(commits).toBe('----------------(p|)', { p: '0:1' })
      run.flush()
      assert.deepEqual(without(journal, 'pause', 'resume'), [
        ...['0 write 0', '2 write 0', '6 write 0', '14 write 0'],
        ...['14 commit 0:1', '16 commit 0:1'],
      ])
    }),
  )
})

describe('with an observer that does nothing', () => {
  test(
    'a record is written, and a bad one becomes a dead letter',
    marbles(run => {
      const { commits, journal } = running(run, run.hot('(axc|)', items), {}, {}, true)
      run.expectObservable(commits).toBe('(p|)', { p: '0:3' })
      run.flush()
      assert.deepEqual(journal, ['0 write 0 2', '0 publish 1', '0 commit 0:3'])
    }),
  )

  test(
    'reading pauses on a fault, and at the in-flight limit',
    marbles(run => {
      const failing = running(run, run.hot('(aq)--------|', items), { write: inTurn('#', '#', '|') }, {}, true)
      failing.commits.subscribe()
      const settings = { inFlight: { records: 2, bytes: 1000 } }
      const full = running(run, run.hot('ab----------|', items), { write: inTurn('----|') }, settings, true)
      full.commits.subscribe()
      run.flush()
      assert.deepEqual(without(failing.journal, 'write', 'commit'), ['2 pause', '4 resume'])
      assert.deepEqual(without(full.journal, 'write', 'commit'), ['1 pause', '5 resume'])
    }),
  )
})

describe('backpressure', () => {
  test(
    'pauses at the limit of records and resumes at half of it',
    marbles(run => {
      const records = run.hot('abcd--------|', items)
      const settings = { inFlight: { records: 4, bytes: 1000 }, windowMs: 1, batch: { rows: 1, bytes: 1000 } }
      const { commits, journal } = running(
        run,
        records,
        { write: inTurn('----|') },
        { ...settings, writeConcurrency: 1 },
      )
      run.expectObservable(commits).toBe('---------------p-(q|)', { p: '0:3', q: '0:4' })
      run.flush()
      assert.deepEqual(without(journal, 'commit'), [
        ...['1 write 0', '3 pause', '5 write 1', '9 resume', '9 write 2', '13 write 3'],
      ])
    }),
  )

  test(
    'pauses at the limit of bytes and resumes at half of it',
    marbles(run => {
      const [a, b, c] = [row(0), row(1), row(2)].map(record => ({ ...record, bytes: 40 }))
      const records = run.hot('abc---------|', { a, b, c } as Record<string, KafkaRecord>)
      const settings = { inFlight: { records: 1000, bytes: 120 }, windowMs: 1, batch: { rows: 1, bytes: 1000 } }
      const { commits, journal } = running(
        run,
        records,
        { write: inTurn('----|') },
        { ...settings, writeConcurrency: 1 },
      )
      run.expectObservable(commits).toBe('-------------(p|)', { p: '0:3' })
      run.flush()
      assert.deepEqual(without(journal, 'commit'), ['1 write 0', '2 pause', '5 write 1', '9 resume', '9 write 2'])
    }),
  )

  test(
    'reads no more than the limit, and everything in the end, however often the table fails',
    marbles(run => {
      let reading = true
      const count = 200
      // One record a millisecond, unless it is paused.
      const next = { offset: 0 }
      const records = interval(1, run.clock).pipe(
        filter(() => reading),
        map(() => row(next.offset++)),
        take(count),
      )
      const { source, table, topic, journal } = clients(run)
      const log = linesLog()
      const inFlight = new InFlightLedger()
      const events = new Events(log, log, run.clock, inFlight)
      const inner = source(records)
      const obeying = {
        ...inner,
        pause: () => (reading = false),
        resume: () => (reading = true),
      }
      let most = 0
      interval(1, run.clock)
        .pipe(takeWhile(() => events.counts.settled.written < count))
        .subscribe(() => (most = Math.max(most, events.inFlight.records)))
      const settings = { ...usual, inFlight: { records: 8, bytes: 1000 } }
      const failing = table((_, call) => (call % 3 === 0 ? '-----|' : '----#'))
      const outside = {
        source: obeying,
        table: failing,
        deadLetters: topic(),
        observer: events,
        inFlight,
        clock: run.clock,
        random: () => 0,
      }
      pipeline(letters, settings, outside).subscribe()
      run.flush()
      assert.deepEqual([most <= 8, events.counts.settled.written], [true, count])
      assert.equal(journal.at(-1)?.split(' ').slice(1).join(' '), 'commit 0:200')
      assert.ok(events.counts.pauses > 5)
    }),
  )
})

describe('order', () => {
  test(
    'of several versions of a row in one window the last is written',
    marbles(run => {
      const versions = { a: row(0, { r: 'r', a: '1' }), b: row(1, { r: 'r', a: '2' }), c: row(2, { r: 'r', a: '3' }) }
      const { commits, journal, events } = running(run, run.hot('(abc|)', versions))
      run.expectObservable(commits).toBe('(p|)', { p: '0:3' })
      run.flush()
      assert.deepEqual(journal, ['0 write 2', '0 commit 0:3'])
      assert.deepEqual(events.counts.settled, { written: 1, superseded: 2, 'dead-lettered': 0 })
    }),
  )

  test(
    'a version with unset columns does not cover one that sets them: both are written',
    marbles(run => {
      const versions = { a: row(0, { r: 'r', b: '1' }), b: eventRecord(1, { r: 'r', a: '2' }), c: row(2, { r: 's' }) }
      const { commits, journal } = running(run, run.hot('(abc|)', versions))
      run.expectObservable(commits).toBe('(p|)', { p: '0:3' })
      run.flush()
      assert.deepEqual(journal, ['0 write 0 1 2', '0 commit 0:3'])
    }),
  )

  test(
    'versions also collapse while they wait for a writer',
    marbles(run => {
      const versions = { a: row(0, { p: 'Q' }), b: row(1, { r: 'r' }), c: row(2, { r: 'r' }), d: row(3, { r: 'r' }) }
      const records = run.hot('a--b--c--d---|', versions)
      const { commits, journal } = running(run, records, { write: inTurn('----------|', '|') }, { writeConcurrency: 1 })
      run.expectObservable(commits).toBe('-------------(p|)', { p: '0:4' })
      run.flush()
      assert.deepEqual(journal, ['2 write 0', '12 write 3', '13 commit 0:4'])
    }),
  )
})

describe('acknowledgement', () => {
  test(
    'never passes a record that is not written, even if all later ones are',
    marbles(run => {
      const records = run.hot('(abc)----------------------------------------|', {
        a: row(0),
        b: row(1, { p: 'Q' }),
        c: row(2),
      })
      const { commits, journal } = running(run, records, {
        write: asked => (asked === '1' ? `${'-'.repeat(28)}|` : '|'),
      })
      run.expectObservable(commits).toBe('------------p---------------------------q----|', { p: '0:1', q: '0:3' })
      run.flush()
      assert.deepEqual(journal, ['2 write 0 2', '2 write 1', '12 commit 0:1', '40 commit 0:3'])
    }),
  )

  test(
    'of a dead letter comes after it is published',
    marbles(run => {
      const records = run.hot('(axc)-----------------------------|', items)
      const { commits, journal, events } = running(run, records, { publish: inTurn('--------------|') })
      // window of dead letters 2, published at 16
      run.expectObservable(commits).toBe('------------p-------------q-------|', { p: '0:1', q: '0:3' })
      run.flush()
      assert.deepEqual(journal, ['2 write 0 2', '2 publish 1', '12 commit 0:1', '26 commit 0:3'])
      assert.equal(events.counts.deadLetters['not-json'], 1)
    }),
  )

  test(
    'waits for a dead letter that cannot be published',
    marbles(run => {
      const records = run.hot('(axc|)', items)
      const { commits, journal, events } = running(run, records, { publish: inTurn('#', '#', '-|') })
      run.expectObservable(commits).toBe('-------(p|)', { p: '0:3' })
      run.flush()
      assert.deepEqual(journal, [
        ...['0 write 0 2', '0 publish 1', '0 pause', '2 publish 1', '6 publish 1'],
        ...['7 resume', '7 commit 0:3'],
      ])
      assert.deepEqual(events.counts.retries['dead-letter'], { transient: 2, misconfigured: 0 })
    }),
  )

  test(
    'of a message too large for the dead-letter topic comes after it is published without its value',
    marbles(run => {
      const records = run.hot('(axc|)', items)
      const { commits, journal } = running(run, records, { publish: inTurn('x', 'x', '--|') })
      run.expectObservable(commits).toBe('--(p|)', { p: '0:3' })
      run.flush()
      assert.deepEqual(journal, ['0 write 0 2', '0 publish 1', '0 publish 1z', '0 publish 1z-v', '2 commit 0:3'])
    }),
  )

  test(
    'of one refused row among a hundred comes after its dead letter, and the others are written',
    marbles(run => {
      const hundred = from(Array.from({ length: 100 }, (_, offset) => row(offset)))
      const { commits, journal, events } = running(run, hundred, {
        write: asked => (asked.split(' ').includes('64') ? 'x' : '|'),
      })
      run.expectObservable(commits).toBe('----(p|)', { p: '0:100' })
      run.flush()
      const attempts = journal.filter(line => line.includes('write')).length
      assert.ok(attempts <= 16, `${attempts} attempts`)
      assert.deepEqual(events.counts.settled, { written: 99, superseded: 0, 'dead-lettered': 1 })
      assert.deepEqual(without(journal, 'write'), ['4 publish 64', '4 commit 0:100'])
    }),
  )

  test(
    'of a refused version comes after the one that it superseded is written',
    marbles(run => {
      const versions = { a: row(0, { r: 'r' }), b: row(1, { r: 'r' }), c: row(2, { r: 'r' }), g: row(3) }
      const { commits, journal, events } = running(run, run.hot('(abc)--g------|', versions), {
        write: asked => (asked === '2' ? 'x' : '|'),
      })
      run.expectObservable(commits).toBe('--------------(p|)', { p: '0:4' })
      run.flush()
      // While 2 is undecided, reading continues, because 3 is the evidence.
      assert.deepEqual(journal, [
        ...['2 write 2', '6 write 2', '8 write 2', '9 write 3'],
        ...['12 write 2', '12 write 1', '14 publish 2', '14 commit 0:4'],
      ])
      assert.deepEqual(events.counts.settled, { written: 2, superseded: 1, 'dead-lettered': 1 })
    }),
  )

  test(
    'of rows that are all refused comes when the server accepts them, without a dead letter',
    marbles(run => {
      const records = run.cold('abcd---------------------|', items)
      const { commits, journal, events } = running(
        run,
        records,
        { write: () => (run.clock.now() < 20 ? 'x' : '|') },
        { inFlight: { records: 3, bytes: 1_000_000 } },
      )
      run.expectObservable(commits).toBe('-------------------------(p|)', { p: '0:4' })
      run.flush()
      assert.deepEqual(without(journal, 'write'), ['2 pause', '20 resume', '25 commit 0:4'])
      assert.equal(events.counts.settled['dead-lettered'], 0)
    }),
  )

  test(
    'of records of an earlier assignment does not count for a later one, although they are written',
    marbles(run => {
      const a = eventRecord(5, { r: 'r5' }, { sequence: 0 })
      const b = eventRecord(6, { r: 'r6' }, { sequence: 1 })
      const again = eventRecord(5, { r: 'r5' }, { assignment: 2, sequence: 0 })
      const records = run.hot('ab--c---------------|', { a, b, c: again })
      const { commits, journal } = running(run, records, {
        write: (asked, call) => (call === 1 ? '------|' : `${'-'.repeat(20)}|`),
      })
      // The first delivery is written at 8, the second at 26. Only the second advances the offset, and only to 6.
      run.expectObservable(commits).toBe('--------------------------(p|)', { p: '0:6' })
      run.flush()
      assert.deepEqual(journal, ['2 write 5 6', '6 write 5', '26 commit 0:6'])
    }),
  )
})

describe('rows and dead letters', () => {
  test(
    'a table that does not answer does not delay dead letters below the in-flight limit',
    marbles(run => {
      const { a, x } = items
      const given = { a, b: row(2), c: row(3), x, y: bad(4) }
      const { commits, journal } = running(run, run.hot('a--x--b--c--y------', given), { write: () => '-' })
      run.expectObservable(commits).toBe('-------------------')
      run.flush()
      assert.deepEqual(without(journal, 'write'), ['5 publish 1', '14 publish 4'])
    }),
  )

  test(
    'a table that fails does not delay dead letters',
    marbles(run => {
      const { journal, commits } = running(run, run.hot('(ax)-------', items), { write: () => '-#' })
      run.expectObservable(commits, '-----------!').toBe('-----------')
      run.flush()
      assert.deepEqual(without(journal, 'write', 'pause', 'resume'), ['2 publish 1'])
    }),
  )

  test(
    'a dead-letter topic that does not answer does not delay writes below the in-flight limit',
    marbles(run => {
      const given = { x: bad(0), a: row(1), b: row(2), c: row(3) }
      const { commits, journal } = running(run, run.hot('x--a--b--c---------', given), { publish: () => '-' })
      run.expectObservable(commits).toBe('-------------------')
      run.flush()
      assert.deepEqual(journal, ['2 publish 0', '5 write 1', '8 write 2', '11 write 3'])
    }),
  )

  test(
    'a record that the table refuses becomes a dead letter',
    marbles(run => {
      const { commits, journal } = running(run, run.hot('(axc|)', items), {
        write: asked => (asked.split(' ').includes('2') ? 'x' : '|'),
      })
      run.expectObservable(commits).toBe('----(p|)', { p: '0:3' })
      run.flush()
      assert.deepEqual(without(journal, 'write'), ['2 publish 1', '4 publish 2', '4 commit 0:3'])
    }),
  )
})

describe('the counters', () => {
  test(
    'always add up: read = settled + in flight',
    marbles(run => {
      const given = Array.from({ length: 60 }, (_, offset) => {
        if (offset % 7 === 3) return bad(offset)
        return row(offset, { p: `P${offset % 3}`, r: `r${offset % 2}` })
      })
      const records = interval(1, run.clock).pipe(
        take(given.length),
        map(index => given[index] ?? assert.fail()),
      )
      const { commits, events } = running(run, records, {
        write: (asked, call) => (call % 4 === 0 ? '--#' : asked.split(' ').includes('20') ? '-x' : '---|'),
        publish: (_, call) => (call % 2 === 1 ? '-#' : '--|'),
        commit: (_, call) => (call % 3 === 0 ? '#' : '-|'),
      })
      const seen: string[] = []
      const balance = (): void => {
        const { read, settled } = events.counts
        const done = settled.written + settled.superseded + settled['dead-lettered']
        assert.equal(read, done + events.inFlight.records)
        seen.push(`${read} ${done}`)
      }
      interval(1, run.clock).pipe(take(300)).subscribe(balance)
      commits.subscribe(balance)
      run.flush()
      balance()
      assert.equal(seen.at(-1), '60 60')
      assert.ok(new Set(seen).size > 60)
      const { settled, deadLetters, retries } = events.counts
      assert.equal(settled['dead-lettered'], deadLetters['not-json'] + deadLetters['refused-by-table'])
      assert.ok(deadLetters['refused-by-table'] > 0 && settled.superseded > 0)
      assert.ok([retries.write, retries['dead-letter'], retries.commit].every(({ transient }) => transient > 0))
    }),
  )
})
