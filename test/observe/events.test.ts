import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { VirtualTimeScheduler } from 'rxjs'
import { Fault } from '../../src/model/faults.ts'
import { InFlightLedger } from '../../src/ledger/in-flight.ts'
import { Events } from '../../src/observe/events.ts'
import { linesLog } from '../clients.ts'
import { record, records, rejected } from '../records.ts'

const slow = new Fault('transient', 'not enough replicas answered in time')
const gone = new Fault('transient', 'no node answers')
const missing = new Fault('misconfigured', 'there is no table letters; make it')

/** Events with their log, a manual clock, and the ledger of records in flight. */
const telling = () => {
  const log = linesLog()
  const floods = linesLog()
  const clock = new VirtualTimeScheduler()
  const inFlight = new InFlightLedger()
  const events = new Events(log, floods, clock, inFlight)
  const at = (ms: number, what: () => void): void => void clock.schedule(what, ms)
  return { events, lines: log.lines, floods: floods.lines, at, flush: () => clock.flush(), inFlight }
}

describe('a fault', () => {
  test('is logged when it begins and when it is over, but not for each retry', () => {
    const { events, lines, at, flush } = telling()
    const watch = events.watch('write')
    at(0, () => watch.faulted(slow, 1, 100))
    at(100, () => watch.faulted(slow, 2, 200))
    at(300, () => watch.faulted(slow, 3, 400))
    at(5000, () => watch.over())
    flush()
    assert.deepEqual(lines, [
      'warn reading is paused: waiting for a fault to pass {"step":"write","kind":"transient","why":"not enough replicas answered in time","nextTryInMs":100}',
      'info the fault is over {"step":"write","seconds":5,"attempts":3}',
    ])
    assert.deepEqual(events.counts.retries.write, { transient: 3, misconfigured: 0 })
    assert.equal(events.troubles.size, 0)
  })

  test('is logged again if its cause changes, and as an error if somebody has to fix it', () => {
    const { events, lines } = telling()
    const watch = events.watch('write')
    events.pausedBecause = 'fault'
    watch.faulted(gone, 1, 100)
    watch.faulted(missing, 2, 200)
    watch.faulted(missing, 3, 400)
    assert.deepEqual(
      lines.map(line => line.slice(0, line.indexOf(' {'))),
      [
        'warn reading is paused: waiting for a fault to pass',
        'error needs attention: reading is paused until this is fixed',
      ],
    )
  })

  test('of a refused row is not logged as a pause while reading continues', () => {
    const { events, lines } = telling()
    events.watch('write').faulted(missing, 1, 100)
    assert.match(lines[0] ?? '', /^error needs attention: a refused row waits /)
  })

  test('is logged once for each text while several writes wait', () => {
    const { events, lines } = telling()
    const watch = events.watch('write')
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      watch.faulted(slow, attempt, 100)
      watch.faulted(gone, attempt, 100)
    }
    assert.equal(lines.length, 2)
  })

  test('of several writes is one fault, which ends with the last of them', () => {
    const { events, lines } = telling()
    const [first, second] = [events.watch('write'), events.watch('write')]
    first.faulted(slow, 1, 100)
    second.faulted(slow, 1, 100)
    first.over()
    assert.deepEqual([lines.length, events.troubles.has('write')], [1, true])
    second.over()
    assert.deepEqual([lines.length, events.troubles.has('write')], [2, false])
  })

  test('of one step is separate from that of another', () => {
    const { events, lines } = telling()
    const [write, commit] = [events.watch('write'), events.watch('commit')]
    write.faulted(slow, 1, 100)
    commit.faulted(gone, 1, 100)
    write.over()
    assert.deepEqual([...events.troubles.keys()], ['commit'])
    assert.equal(lines.at(-1), 'info the fault is over {"step":"write","seconds":0,"attempts":1}')
  })

  test('of the consumer lasts over its restarts until partitions are assigned', () => {
    const { events, lines } = telling()
    events.restarting(gone, 1, 100)
    events.restarting(gone, 1, 100)
    events.assigned(2, [0, 3])
    events.assigned(3, [])
    assert.deepEqual(lines, [
      'warn reading is paused: waiting for a fault to pass {"step":"consume","kind":"transient","why":"no node answers","nextTryInMs":100}',
      'info the fault is over {"step":"consume","seconds":0,"attempts":2}',
      'info partitions are assigned {"assignment":2,"partitions":"0,3"}',
      'info partitions are assigned {"assignment":3,"partitions":"none"}',
    ])
  })
})

describe('a dead letter', () => {
  test('is counted by reason and logged, in the sampled log, with its position and fault', () => {
    const { events, lines, floods } = telling()
    events.deadLettered({ rejected: rejected(7, { partition: 2 }), compressed: true, without: [] })
    assert.equal(events.counts.deadLetters['not-json'], 1)
    assert.deepEqual(lines, [])
    assert.deepEqual(floods, [
      'warn dead letter {"reason":"not-json","stage":"parse","why":"is not JSON","partition":2,"offset":7}',
    ])
  })

  test('with omitted parts is logged with their names and size', () => {
    const { events, floods } = telling()
    const over = { value: Buffer.alloc(9), headers: { trace: Buffer.alloc(10) } }
    events.deadLettered({ rejected: rejected(7, over), compressed: true, without: ['value', 'headers'] })
    const without = 'warn the dead letter is too large for its topic: published without part of the message'
    assert.equal(floods.at(-1), `${without} {"partition":0,"offset":7,"without":"value,headers","bytes":24}`)
  })

  test('is logged without key, value and headers', () => {
    const { events, lines, floods } = telling()
    const secret = Buffer.from('Priya')
    const over = { key: secret, value: secret, headers: { who: secret } }
    events.deadLettered({ rejected: rejected(7, over), compressed: true, without: ['value', 'headers', 'key'] })
    assert.equal(
      [...lines, ...floods].some(line => /Priya|80,114,105/.test(line)),
      false,
    )
  })
})

describe('what is counted', () => {
  test('are records read, and records settled by outcome', () => {
    const { events } = telling()
    for (let offset = 0; offset < 6; offset += 1) events.read()
    events.settled({ kind: 'settled', as: 'written', records: records(0, 1, 2) })
    events.settled({ kind: 'settled', as: 'superseded', records: records(3) })
    events.settled({ kind: 'settled', as: 'dead-lettered', records: records(4, 5) })
    assert.deepEqual(events.totals(), { read: 6, written: 3, superseded: 1, deadLettered: 2 })
  })

  test('are pauses, with the current reason', () => {
    const { events } = telling()
    events.paused('in-flight')
    assert.equal(events.pausedBecause, 'in-flight')
    events.resumed()
    assert.equal(events.pausedBecause, undefined)
    assert.equal(events.counts.pauses, 1)
  })

  test('are commits, logged only at debug', () => {
    const { events, lines } = telling()
    events.committed([
      { partition: 0, offset: 5, assignment: 1 },
      { partition: 2, offset: 9, assignment: 1 },
    ])
    assert.equal(events.counts.commits, 1)
    assert.deepEqual(lines, ['debug committed {"positions":"0:5 2:9"}'])
  })

  test('are records removed by retention, logged as an error; unknown if the topic was recreated', () => {
    const { events, lines } = telling()
    events.outOfRange(1, { offset: 60, outOfRange: { committed: 50, skipped: 10 } })
    events.outOfRange(1, { offset: 0, outOfRange: { committed: 50, skipped: undefined } })
    assert.equal(events.counts.skippedByRetention, 10)
    const says = 'error the committed offset is no longer in the topic: reading from the earliest offset'
    assert.deepEqual(lines, [
      `${says} {"partition":1,"committed":50,"from":60,"skipped":10}`,
      `${says} {"partition":1,"committed":50,"from":0,"skipped":"unknown: the topic was recreated"}`,
    ])
  })
})

describe('the line of rates', () => {
  test('has the rates since the last one, and returns the totals for the next', () => {
    const { events, lines } = telling()
    const before = events.totals()
    for (let offset = 0; offset < 30; offset += 1) events.read()
    events.settled({ kind: 'settled', as: 'written', records: records(...Array(20).keys()) })
    const after = events.rates(before, 10)
    for (let offset = 0; offset < 10; offset += 1) events.read()
    events.rates(after, 10)
    const ratesOf = (line: string | undefined): unknown => {
      const facts = JSON.parse(line?.slice('info rates '.length) ?? '') as Record<string, unknown>
      return [facts['readPerSecond'], facts['writtenPerSecond'], facts['deadLetteredPerSecond']]
    }
    assert.deepEqual(lines.map(ratesOf), [
      [3, 2, 0],
      [1, 0, 0],
    ])
  })

  test('is left out without activity, records in flight and lag', () => {
    const { events, lines } = telling()
    events.read()
    const after = events.rates(events.totals(), 10)
    events.rates(after, 10)
    assert.deepEqual(lines, [])
    events.partitions.assigned([0])
    events.partitions.reached(0, 5, 9)
    events.rates(after, 10)
    assert.equal(lines.length, 1)
  })
})

describe('a stop', () => {
  test('in time is logged with the totals', () => {
    const { events, lines } = telling()
    events.read()
    events.settled({ kind: 'settled', as: 'written', records: [record(0)] })
    events.stopped()
    assert.deepEqual(lines, ['info stopped {"read":1,"written":1,"superseded":0,"deadLettered":0}'])
  })

  test('too late is logged with what is left and what it waits for', () => {
    const { events, lines, inFlight } = telling()
    inFlight.add(record(0))
    events.watch('write').faulted(gone, 1, 100)
    events.undrained(25_000)
    assert.equal(
      lines.at(-1),
      'error stopped before all records in flight were settled: their offsets are not committed, they will be read again {"timeoutMs":25000,"inFlight":1,"waitingFor":"no node answers"}',
    )
  })
})
