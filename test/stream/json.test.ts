import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { eventReader } from '../../src/stream/json/read-event.ts'
import {
  boolean,
  instant,
  int,
  key,
  list,
  object,
  type ObjectShape,
  optional,
  scalarText,
  text,
} from '../../src/stream/shape.ts'
import { Text } from '../../src/stream/text.ts'
import { rejects } from '../rejects.ts'

const utf8 = (text: string) => Buffer.from(text)

/** The fields that were read, with texts as strings, without absent fields. */
const plain = (value: unknown): unknown => {
  if (value instanceof Text) return value.toString()
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const present = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return Object.fromEntries(present.map(([name, inner]) => [name, plain(inner)]))
}

const reading = (shape: ObjectShape, json: string | Buffer): unknown => plain(eventReader(shape)(Buffer.from(json)))

const anything = object({})
const parse = eventReader(anything)

describe('the value of a message is read', () => {
  const shape = object({
    a: optional(scalarText),
    b: optional(object({ c: optional(text) })),
    l: optional(list(object({ c: optional(text) }))),
    ü: optional(boolean),
    n: optional(int),
  })
  const documents: [what: string, json: string, expected: unknown][] = [
    [
      'of an object, the fields of the shape',
      '{"a":"x","else":[1,{"a":2}],"n":-7,"ü":true}',
      { a: 'x', n: -7, ü: true },
    ],
    ['of an empty object, nothing', '{}', {}],
    ['through objects and lists', '{"b":{"c":"x","d":{}},"l":[{"c":"y"},{}]}', { b: { c: 'x' }, l: [{ c: 'y' }, {}] }],
    ['an empty list', '{"l":[ ]}', { l: [] }],
    ['null as absent', '{"a":null,"b":null,"l":null,"ü":null,"n":null}', {}],
    ['a list without its null entries', '{"l":[null,{"c":"y"},null]}', { l: [{ c: 'y' }] }],
    [
      'with white space around everything',
      ' \t\r\n{ "b" : { "c" :\n"x" } , "l" : [ { } , { } ] }\n',
      { b: { c: 'x' }, l: [{}, {}] },
    ],
    ['without a leading byte-order mark', '\ufeff{"a":"x"}', { a: 'x' }],
    ['with letters beyond ASCII', '{"a":"ü हिन्दी 😀"}', { a: 'ü हिन्दी 😀' }],
    ['with escapes', String.raw`{"a":"\u0041\n\"\\\/\ud83d\ude00"}`, { a: 'A\n"\\/😀' }],
    ['half of a surrogate pair as U+FFFD', String.raw`{"a":"x\ud83dy"}`, { a: 'x\ufffdy' }],
    ['of names with escapes', String.raw`{"\u0061":"x","\u00fc":false}`, { a: 'x', ü: false }],
    ['of a repeated name, the last one', '{"a":"x","a":"y"}', { a: 'y' }],
    ['of a repeated name, the last one, escaped or not', String.raw`{"a":"x","\u0061":"y"}`, { a: 'y' }],
    ['of a repeated name, null if that is the last one', '{"a":"x","a":null}', {}],
    ['of a repeated object, nothing from the first', '{"b":{"c":"x"},"b":{}}', {}],
    ['of a repeated list, nothing from the first', '{"l":[{"c":"x"}],"l":[{}]}', { l: [{}] }],
    [
      'of a repeated name, no fault from the first',
      '{"a":[],"b":{"c":1},"a":"y","b":{"c":"z"}}',
      { a: 'y', b: { c: 'z' } },
    ],
  ]
  for (const [what, json, expected] of documents) {
    test(what, () => {
      const event = reading(shape, json) as { b?: object }
      const withoutEmpty =
        event.b !== undefined && Object.keys(event.b).length === 0 ? { ...event, b: undefined } : event
      assert.deepEqual(plain(withoutEmpty), expected)
    })
  }

  const levels = 750_000
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    test(`nested as deep as a message can be, in ${open}`, () => {
      const deep = `${open.repeat(levels)}0${close.repeat(levels)}`
      assert.deepEqual(reading(object({ x: text }), `{"deep":${deep},"x":"y"}`), { x: 'y' })
      const inside = `{"x":${deep}}`
      rejects(
        () => reading(object({ x: text }), inside),
        'wrong-type',
        `x: expected text, found an ${open === '[' ? 'array' : 'object'}`,
      )
    })
  }

  test('including fields with names of Object.prototype', () => {
    const shape = object({ constructor: optional(text), toString: optional(object({ x: text })) })
    assert.deepEqual(eventReader(shape)(utf8('{}')), { constructor: undefined, toString: undefined })
    assert.deepEqual(reading(shape, '{"constructor":"a","__proto__":{"x":"y"}}'), { constructor: 'a' })
    rejects(() => reading(object({ valueOf: text }), '{}'), 'wrong-type', 'valueOf: expected text, found nothing')
  })

  test('and does not change when others are read, as long as its bytes are valid', () => {
    const read = eventReader(object({ a: text }))
    const first = read(utf8('{"a":"first"}'))
    read(utf8('{"a":"other"}'))
    assert.equal(first.a.toString(), 'first')
  })
})

describe('what is not JSON is rejected without a quote', () => {
  test('no value', () => rejects(() => parse(null), 'empty-value', 'the message has no value'))
  test('zero bytes', () => rejects(() => parse(Buffer.alloc(0)), 'empty-value', 'the value has zero bytes'))

  const documents = {
    'a truncated document': '{"a":',
    'text after the document': '{} {}',
    'a byte after the document': '{}\0',
    'only white space': '  ',
    'only a byte-order mark': '\ufeff',
    'two byte-order marks': '\ufeff\ufeff{}',
    'a byte-order mark inside': '{\ufeff}',
    NaN: '[NaN]',
    Infinity: '[-Infinity]',
    'a leading zero': '[01]',
    'single quotes': "{'a':1}",
    'a name without quotes': '{a:1}',
    'an extra comma': '[1,]',
    'a comment': '{}//',
    'a line break in a text': '["a\nb"]',
    'an unknown escape': '["\\x41"]',
  }
  for (const [what, text] of Object.entries(documents)) {
    test(what, () => {
      const { length } = utf8(text)
      rejects(() => parse(utf8(text)), 'not-json', `the value (${length} bytes) is not exactly one JSON document`)
    })
  }

  const encodings: [what: string, value: Buffer][] = [
    ['UTF-16, little-endian', Buffer.from('\ufeff{}', 'utf16le')],
    ['UTF-16, big-endian', Buffer.from('\ufeff{}', 'utf16le').swap16()],
    ['Latin-1', Buffer.from('["ü"]', 'latin1')],
    ['half of a letter', utf8('["ü"]').subarray(0, 3)],
    ['an overlong encoding', Buffer.from([0x5b, 0x22, 0xc0, 0xaf, 0x22, 0x5d])],
    ['half of a surrogate pair', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ]
  for (const [what, value] of encodings) {
    test(what, () => rejects(() => parse(value), 'not-json', `the value (${value.length} bytes) is not UTF-8`))
  }

  test('UTF-16 without a byte-order mark, whose bytes happen to be UTF-8', () => {
    const value = Buffer.from('{}', 'utf16le')
    rejects(() => parse(value), 'not-json', 'the value (4 bytes) is not exactly one JSON document')
  })
})

describe('a hint mentions the framing of a schema registry', () => {
  const frame = Buffer.from([0, 0, 0, 0, 1])
  const hint = '; they look like the framing of a schema registry (a zero byte and a schema id)'

  test('before JSON', () => {
    const value = Buffer.concat([frame, utf8('{}')])
    rejects(() => parse(value), 'not-json', `the value (7 bytes) is not exactly one JSON document${hint}`)
  })

  test('before bytes that are not UTF-8', () => {
    const value = Buffer.concat([frame, Buffer.from([0xff])])
    rejects(() => parse(value), 'not-json', `the value (6 bytes) is not UTF-8${hint}`)
  })
})

describe('a number or a boolean as text is its exact JSON text', () => {
  const same = [
    '28',
    '28.0',
    '-0',
    '0.10',
    '1E5',
    '1e-7',
    '1e+21',
    '1e21',
    '1e400',
    '-9007199254740993',
    'true',
    'false',
  ]
  for (const json of [...same, '1234567890123456789', '12345678901234567890123456789012345678901234567890']) {
    test(json, () => assert.deepEqual(reading(object({ a: scalarText }), `{"a":${json} }`), { a: json }))
  }
  for (const string of ['', ' a ']) {
    test(`and a text is itself: "${string}"`, () =>
      assert.deepEqual(reading(object({ a: scalarText }), `{"a":"${string}"}`), { a: string }))
  }
})

describe('a whole number', () => {
  for (const [json, number] of [
    ['0', 0],
    ['-7', -7],
    ['7.0', 7],
    ['1e3', 1000],
    ['2147483647', 2147483647],
    ['-2147483648', -2147483648],
  ] as const) {
    test(`is ${json}`, () => assert.deepEqual(reading(object({ a: int }), `{"a":${json}}`), { a: number }))
  }
  for (const [json, found] of [
    ['7.5', 'a number'],
    ['2147483648', 'a number'],
    ['1e400', 'a number'],
    ['"7"', 'text'],
    ['[7]', 'an array'],
  ] as const) {
    test(`is not ${json}`, () => {
      rejects(
        () => reading(object({ a: int }), `{"a":${json}}`),
        'wrong-type',
        `a: expected a whole number of 32 bits, found ${found}`,
      )
    })
  }
})

describe('a fault names the path of the field', () => {
  const shape = object({
    outer: object({
      first: optional(text),
      list: optional(list(object({ leaf: optional(boolean) }))),
      texts: optional(list(text)),
      last: optional(key),
    }),
    when: optional(instant),
  })
  const rules: [what: string, json: string, message: string][] = [
    ['through objects', '{"outer":{"first":[]}}', 'outer.first: expected text, found an array'],
    [
      'through lists, where null entries count',
      '{"outer":{"list":[null,{"leaf":{}}]}}',
      'outer.list[1].leaf: expected a boolean, found an object',
    ],
    ['to an entry of a list', '{"outer":{"list":[null,{},"x"]}}', 'outer.list[2]: expected an object, found text'],
    [
      'to an entry before the content of another',
      '{"outer":{"list":[{"leaf":1},5]}}',
      'outer.list[1]: expected an object, found a number',
    ],
    ['to a text in a list', '{"outer":{"texts":["a",false]}}', 'outer.texts[1]: expected text, found a boolean'],
    ['to a required field that is absent', '{"when":1}', 'outer: expected an object, found nothing'],
    [
      'that is the first in the order of the shape',
      '{"when":true,"outer":{"last":1,"first":1}}',
      'outer.first: expected text, found a number',
    ],
    ['of the last field of a name', '{"outer":{},"outer":[]}', 'outer: expected an object, found an array'],
    ['to the event itself', 'null', 'the event: expected an object, found null'],
    ['to the event itself, after a byte-order mark', '\ufeff[]', 'the event: expected an object, found an array'],
  ]
  for (const [what, json, message] of rules) {
    test(what, () => rejects(() => reading(shape, json), 'wrong-type', message))
  }

  test('but not if the value is not JSON, which comes first', () => {
    rejects(() => reading(shape, '{"outer":1'), 'not-json', 'the value (10 bytes) is not exactly one JSON document')
  })
})
