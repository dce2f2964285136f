import { describe, test } from 'node:test'
import { type Rejected } from '../../src/model/record.ts'
import { parse } from '../../src/operators/parse.ts'
import { marbles, idlesUntilValues } from '../marbles.ts'
import { eventRecord, letters, record } from '../records.ts'

const nothing = { p: undefined, r: undefined, a: undefined, b: undefined, gone: undefined }

describe('parse', () => {
  idlesUntilValues(() => parse(letters), eventRecord(0, {}))

  test(
    'emits each record with its event, synchronously and in order',
    marbles(({ hot, expectObservable }) => {
      const records = {
        a: eventRecord(0, { gone: true }),
        b: eventRecord(1, { n: 1 }),
        c: eventRecord(2, { gone: false }),
      }
      const source = hot('                            -a-(bc)-|', records)
      expectObservable(source.pipe(parse(letters))).toBe('   -a-(bc)-|', {
        a: { kind: 'parsed', record: records.a, event: { ...nothing, gone: true } },
        b: { kind: 'parsed', record: records.b, event: nothing },
        c: { kind: 'parsed', record: records.c, event: { ...nothing, gone: false } },
      })
    }),
  )

  test(
    'rejects what is not an event of the stream, and continues',
    marbles(({ hot, expectObservable }) => {
      const records = {
        a: record(0),
        b: record(1, { value: Buffer.alloc(0) }),
        c: record(2, { value: Buffer.from('{"n":') }),
        d: eventRecord(3, {}),
        e: eventRecord(4, { a: 1 }),
        f: eventRecord(5, []),
      }
      const because = (key: keyof typeof records, reason: Rejected['reason'], message: string): Rejected => ({
        kind: 'rejected',
        record: records[key],
        stage: 'parse',
        reason,
        message,
      })
      const source = hot('                            -abcdef-|', records)
      expectObservable(source.pipe(parse(letters))).toBe('   -abcdef-|', {
        a: because('a', 'empty-value', 'the message has no value'),
        b: because('b', 'empty-value', 'the value has zero bytes'),
        c: because('c', 'not-json', 'the value (5 bytes) is not exactly one JSON document'),
        d: { kind: 'parsed', record: records.d, event: nothing },
        e: because('e', 'wrong-type', 'a: expected text, found a number'),
        f: because('f', 'wrong-type', 'the event: expected an object, found an array'),
      })
    }),
  )
})
