import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type InFlight, InFlightLedger } from '../../src/ledger/in-flight.ts'
import { Fault } from '../../src/model/faults.ts'
import { Intake } from '../../src/operators/backpressure.ts'
import { type KafkaRecord, type Settled } from '../../src/model/record.ts'
import { marbles, idlesUntilValues } from '../marbles.ts'
import { record } from '../records.ts'

const settled = (...records: readonly KafkaRecord[]): Settled => ({ kind: 'settled', as: 'written', records })

/** An intake that records every call to the source and to the observer in a journal. */
const intakeOf = (bound: InFlight) => {
  const journal: string[] = []
  const note = (text: string) => () => void journal.push(text)
  const watch = {
    read: ({ offset }: KafkaRecord) => void journal.push(`read ${offset}`),
    settled: ({ records }: Settled) => void journal.push(`settled ${records.length}`),
    paused: (because: string) => void journal.push(`paused by ${because}`),
    resumed: note('resumed'),
  }
  const inFlight = new InFlightLedger()
  const intake = new Intake({ pause: note('pause'), resume: note('resume') }, inFlight, bound, watch)
  return { intake, inFlight, journal }
}

const roomy = { records: 100, bytes: 1000 }
const a = record(0, { bytes: 40 })
const b = record(1, { bytes: 30 })
const c = record(2, { bytes: 30 })
const d = record(3, { bytes: 30 })

/** Admits and releases records by diagrams; returns the journal in order. */
const flowing = (bound: InFlight, reads: string, settles: string): string[] => {
  const { intake, journal } = intakeOf(bound)
  marbles(({ hot }) => {
    hot(reads, { a, b, c, d }).pipe(intake.admit()).subscribe()
    hot(settles, { a: settled(a), b: settled(b), c: settled(c), d: settled(d), x: settled(a, b, c) })
      .pipe(intake.release())
      .subscribe()
  })()
  return journal
}

describe('admit', () => {
  idlesUntilValues(() => intakeOf(roomy).intake.admit(), a)

  test(
    'emits every record unchanged, even during a pause',
    marbles(({ hot, expectObservable }) => {
      const { intake } = intakeOf({ records: 1, bytes: 1 })
      const source = hot('                               -ab-c|', { a, b, c })
      expectObservable(source.pipe(intake.admit())).toBe('-ab-c|', { a, b, c })
    }),
  )
})

describe('release', () => {
  idlesUntilValues(() => intakeOf(roomy).intake.release(), settled())

  test(
    'emits every settled record unchanged',
    marbles(({ hot, expectObservable }) => {
      const { intake, inFlight } = intakeOf(roomy)
      inFlight.add(a)
      const source = hot('                                 -s-|', { s: settled(a) })
      expectObservable(source.pipe(intake.release())).toBe('-s-|', { s: settled(a) })
    }),
  )

  test(
    'fails if more is settled than was read, because something was settled twice',
    marbles(({ hot, expectObservable }) => {
      const { intake } = intakeOf(roomy)
      const source = hot('                                 -s-|', { s: settled(a) })
      const error = new Error('more records were settled than read')
      expectObservable(source.pipe(intake.release())).toBe('-#', {}, error)
    }),
  )
})

describe('the intake', () => {
  test('pauses once at the limit of records, and resumes once at half of it', () => {
    assert.deepEqual(flowing({ records: 4, bytes: 1000 }, 'abcd', '----abcd'), [
      ...['read 0', 'read 1', 'read 2', 'read 3', 'pause', 'paused by in-flight'],
      ...['settled 1', 'settled 1', 'resume', 'resumed', 'settled 1', 'settled 1'],
    ])
  })

  test('pauses at the limit of bytes, and resumes at half of it', () => {
    assert.deepEqual(flowing({ records: 100, bytes: 100 }, 'abc', '---bac'), [
      ...['read 0', 'read 1', 'read 2', 'pause', 'paused by in-flight'],
      ...['settled 1', 'settled 1', 'resume', 'resumed', 'settled 1'],
    ])
  })

  test('counts records that arrive despite the pause', () => {
    assert.deepEqual(flowing({ records: 2, bytes: 1000 }, 'abcd', '----abcd'), [
      ...['read 0', 'read 1', 'pause', 'paused by in-flight', 'read 2', 'read 3'],
      ...['settled 1', 'settled 1', 'settled 1', 'resume', 'resumed', 'settled 1'],
    ])
  })

  test('accepts a single record that exceeds the limit', () => {
    assert.deepEqual(flowing({ records: 100, bytes: 39 }, 'a', '-a'), [
      ...['read 0', 'pause', 'paused by in-flight', 'settled 1', 'resume', 'resumed'],
    ])
  })

  test('is paused during a fault, until the last of several is over', () => {
    const { intake, journal } = intakeOf(roomy)
    const told: string[] = []
    const watch = {
      faulted: (_: Fault, attempt: number) => void told.push(`fault ${attempt}`),
      over: () => void told.push('over'),
    }
    const [first, second] = [intake.holding(watch), intake.holding(watch)]
    const fault = new Fault('transient', 'no node answers')
    first.faulted(fault, 1, 100)
    first.faulted(fault, 2, 200)
    second.faulted(fault, 1, 100)
    first.over()
    assert.deepEqual([journal, intake.paused], [['pause', 'paused by fault'], true])
    second.over()
    assert.deepEqual([journal.slice(2), intake.paused], [['resume', 'resumed'], false])
    assert.deepEqual(told, ['fault 1', 'fault 2', 'fault 1', 'over', 'over'])
  })

  test('stays paused after a fault while more than half of the limit is in flight', () => {
    const { intake, inFlight, journal } = intakeOf({ records: 4, bytes: 1000 })
    const source = [a, b, c]
    source.forEach(record => inFlight.add(record))
    intake.hold()
    intake.letGo()
    assert.deepEqual(journal, ['pause', 'paused by fault'])
    marbles(({ cold }) => {
      cold('s', { s: settled(c) })
        .pipe(intake.release())
        .subscribe()
    })()
    assert.deepEqual(journal.slice(2), ['settled 1', 'resume', 'resumed'])
  })
})
