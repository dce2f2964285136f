import { describe, test } from 'node:test'
import { type Rejected } from '../../src/model/record.ts'
import { parse } from '../../src/operators/parse.ts'
import { marbles, idlesUntilValues } from '../marbles.ts'
import { eventRecord, record } from '../records.ts'

describe('parse', () => {
  idlesUntilValues(() => parse(), eventRecord(0, {}))

  test(
    'gives each record on with its JSON, in the same moment and in order',
    marbles(({ hot, expectObservable }) => {
      const records = { a: eventRecord(0, { n: 1 }), b: eventRecord(1, [2]), c: eventRecord(2, { n: 3 }) }
      const source = hot('                            -a-(bc)-|', records)
      expectObservable(source.pipe(parse())).toBe('   -a-(bc)-|', {
        a: { kind: 'parsed', record: records.a, event: { n: 1 } },
        b: { kind: 'parsed', record: records.b, event: [2] },
        c: { kind: 'parsed', record: records.c, event: { n: 3 } },
      })
    }),
  )

  test(
    'rejects what is not JSON, and goes on with what comes after it',
    marbles(({ hot, expectObservable }) => {
      const records = {
        a: record(0),
        b: record(1, { value: Buffer.alloc(0) }),
        c: record(2, { value: Buffer.from('{"n":') }),
        d: eventRecord(3, {}),
      }
      const because = (key: keyof typeof records, reason: Rejected['reason'], message: string): Rejected => ({
        kind: 'rejected',
        record: records[key],
        stage: 'parse',
        reason,
        message,
      })
      const source = hot('                            -abcd-|', records)
      expectObservable(source.pipe(parse())).toBe('   -abcd-|', {
        a: because('a', 'empty-value', 'the message has no value'),
        b: because('b', 'empty-value', 'the value has zero bytes'),
        c: because('c', 'not-json', 'the 5 bytes of the value are not exactly one JSON document'),
        d: { kind: 'parsed', record: records.d, event: {} },
      })
    }),
  )
})
