import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { JsonObject, parseJson } from '../../src/stream/json.ts'
import { rejects } from '../rejects.ts'

const utf8 = (text: string) => Buffer.from(text)

describe('the value of a message is read as JSON', () => {
  const documents: [what: string, value: Buffer, expected: unknown][] = [
    ['an object', utf8('{"a":[1,null,true]}'), { a: [1, null, true] }],
    ['any other JSON value', utf8('"text"'), 'text'],
    ['null', utf8('null'), null],
    ['white space around the document', utf8(' \t\r\n{}\n'), {}],
    ['a leading byte-order mark', utf8('\ufeff{}'), {}],
    ['letters beyond ASCII', utf8('["ü","हिन्दी","😀"]'), ['ü', 'हिन्दी', '😀']],
    ['a name given twice, the last counting', utf8('{"a":1,"a":2}'), { a: 2 }],
  ]
  for (const [what, value, expected] of documents) {
    test(what, () => assert.deepEqual(parseJson(value), expected))
  }

  test('nested as deep as a message can be', () => {
    const levels = 750_000
    assert.ok(Array.isArray(parseJson(utf8('['.repeat(levels) + ']'.repeat(levels)))))
  })

  test('and a field named __proto__ is a field like others', () => {
    const event = parseJson(utf8('{"__proto__":{"programId":"p"}}'))
    assert.equal(JsonObject.from(event).text('programId'), undefined)
    assert.equal(JsonObject.from(event).object('__proto__')?.text('programId'), 'p')
  })
})

describe('what is no JSON is refused, without a word of it', () => {
  test('no value', () => rejects(() => parseJson(null), 'empty-value', 'the message has no value'))
  test('zero bytes', () => rejects(() => parseJson(Buffer.alloc(0)), 'empty-value', 'the value has zero bytes'))

  const documents = {
    'a document cut short': '{"a":',
    'text behind the document': '{} {}',
    'a byte behind the document': '{}\0',
    'white space alone': '  ',
    'a byte-order mark alone': '\ufeff',
    'two byte-order marks': '\ufeff\ufeff{}',
    'a byte-order mark inside': '{\ufeff}',
    NaN: '[NaN]',
    Infinity: '[-Infinity]',
    'a leading zero': '[01]',
    'single quotes': "{'a':1}",
    'a name without quotes': '{a:1}',
    'a comma too many': '[1,]',
    'a comment': '{}//',
    'a line break in a text': '["a\nb"]',
    'an unknown escape': '["\\x41"]',
  }
  for (const [what, text] of Object.entries(documents)) {
    test(what, () => {
      const { length } = utf8(text)
      rejects(
        () => parseJson(utf8(text)),
        'not-json',
        `the ${length} bytes of the value are not exactly one JSON document`,
      )
    })
  }

  const encodings: [what: string, value: Buffer][] = [
    ['UTF-16, little end first', Buffer.from('\ufeff{}', 'utf16le')],
    ['UTF-16, big end first', Buffer.from('\ufeff{}', 'utf16le').swap16()],
    ['Latin-1', Buffer.from('["ü"]', 'latin1')],
    ['a letter cut in two', utf8('["ü"]').subarray(0, 3)],
    ['an overlong form', Buffer.from([0x5b, 0x22, 0xc0, 0xaf, 0x22, 0x5d])],
    ['half of a surrogate pair', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ]
  for (const [what, value] of encodings) {
    test(what, () =>
      rejects(() => parseJson(value), 'not-json', `the ${value.length} bytes of the value are not UTF-8`),
    )
  }

  test('UTF-16 without a mark, whose bytes happen to be UTF-8', () => {
    const value = Buffer.from('{}', 'utf16le')
    rejects(() => parseJson(value), 'not-json', 'the 4 bytes of the value are not exactly one JSON document')
  })
})

describe('a field that is absent reads as undefined, by every reader', () => {
  const object = JsonObject.from({ nothing: null })
  for (const name of ['nothing', 'missing', 'toString', 'constructor']) {
    test(name, () => {
      const { field, ...readers } = {
        field: object.field(name),
        text: object.text(name),
        scalarText: object.scalarText(name),
        boolean: object.boolean(name),
        object: object.object(name),
        objects: object.objects(name),
      }
      assert.deepEqual(new Set([field, ...Object.values(readers)]), new Set([undefined]))
    })
  }
})

describe('a number or a boolean as text is its JSON text, as parsed', () => {
  const scalars: [json: string, text: string][] = [
    ['""', ''],
    ['" a "', ' a '],
    ['28', '28'],
    ['28.0', '28'],
    ['-0', '0'],
    ['0.10', '0.1'],
    ['1E5', '100000'],
    ['1e-7', '1e-7'],
    ['9007199254740991', '9007199254740991'],
    ['true', 'true'],
    ['false', 'false'],
  ]
  for (const [json, text] of scalars) {
    test(json, () => assert.equal(JsonObject.from({ a: parseJson(utf8(json)) }).scalarText('a'), text))
  }

  for (const json of ['9007199254740992', '-9007199254740993', '1e21', '1e400']) {
    test(`but not ${json}, whose digits parsing may have changed`, () => {
      const object = JsonObject.from({ a: parseJson(utf8(json)) })
      rejects(() => object.scalarText('a'), 'wrong-type', 'a: expected text, found a number too large for exact digits')
    })
  }
})

describe('a refusal names the way to the field', () => {
  const event = JsonObject.from({
    outer: { list: [null, { inner: { leaf: [] } }, 'x'], entries: [null, { leaf: {} }] },
  })
  const outer = event.object('outer')

  test('through objects', () => {
    rejects(() => outer?.text('list'), 'wrong-type', 'outer.list: expected text, found an array')
  })
  test('through lists, null entries counted', () => {
    const leaf = outer?.objects('entries')?.[0]
    rejects(() => leaf?.boolean('leaf'), 'wrong-type', 'outer.entries[1].leaf: expected a boolean, found an object')
  })
  test('to an entry of a list', () => {
    rejects(() => outer?.objects('list'), 'wrong-type', 'outer.list[2]: expected an object, found text')
  })
})
