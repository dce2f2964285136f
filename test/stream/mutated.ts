// node dist/test/stream/mutated.js [COUNT] [SEED]: reads mutated documents, by default a million, by a shape and by JSON.parse.
// Exits with 1 at the first document whose verdict or values differ.
import { isUtf8 } from 'node:buffer'
import { fileURLToPath } from 'node:url'
import { type Random, seeded } from '../../rig/load/random.ts'
import { readInstant } from '../../src/stream/instant-field.ts'
import { InvalidEvent } from '../../src/stream/invalid-event.ts'
import { firstFault } from '../../src/stream/json/fault.ts'
import { eventReader } from '../../src/stream/json/read-event.ts'
import {
  boolean,
  instant,
  int,
  key,
  list,
  object,
  optional,
  scalarText,
  type Shape,
  text,
} from '../../src/stream/shape.ts'
import { Text } from '../../src/stream/text.ts'

const place = object({ type: optional(scalarText), id: optional(scalarText), näme: optional(text) })
const shape = object({
  id: key,
  name: optional(text),
  yes: optional(boolean),
  count: optional(int),
  at: optional(instant),
  in: optional(object({ org: optional(object({ id: optional(scalarText) })), places: optional(list(place)) })),
  tags: optional(list(scalarText)),
})
const read = eventReader(shape)

const documents = [
  String.raw`{"id":"p1","name":"Read \"it\"","yes":true,"count":-7,"at":"2023-07-27T04:12:18.511Z","else":[1,{"id":"x"}]}`,
  String.raw`{ "id" : "p\u0031" , "in" : { "org" : { "id" : 1234567890123456789 } , "places" : [ null , { "type" : "a" } ] } }`,
  String.raw`{"in":{"places":[{"type":"state","id":28.0,"näme":"ü 😀"},{"type":true,"id":null}],"x":{"y":[[],{}]}},"id":"ü"}`,
  String.raw`{"id":"a","id":"b","in":{"org":{"id":"o"}},"in":{"org":null},"t\u0061gs":["a",1e21,false,null,-0.5E+3]}`,
  String.raw`{"deep":[[[[{"a":{"b":[{}]}}]]]],"name":"\ud83d\ude00","at":{"$date":{"$numberLong":"1690431138511"}},"id":"z"}`,
  String.raw`{"at":1690431138511,"tags":[],"id":"c","count":12e1,"n\u00e4me":1,"yes":null,"name":"tab\tend"}`,
].map(document => Buffer.from(document))

const tokens = [
  ...[
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '0',
    '1',
    '-',
    '.',
    'e',
    'E',
    '+',
    ' ',
    '\n',
    '\t',
    '\0',
    '\x7f',
    '/',
    'u',
  ],
  ...['null', 'true', 'false', 'nul', '1e400', '-0', '01', '1.', '[]', '{}', '""', '"a"', ',"id":', ',"in":', '"x":1,'],
  ...[String.raw`\u0041`, String.raw`\ud83d`, String.raw`\ude00`, String.raw`\u00`, String.raw`\n`, String.raw`\x`],
  ...[
    ',"name":null',
    ',"in":{}',
    ',"tags":1',
    '"2023-07-27T04:12Z"',
    '"2023-02-30T04:12:18.511Z"',
    '\ufeff',
    'é',
    '\u00a0',
  ],
].map(token => Buffer.from(token))
const strayBytes = [0xff, 0xc0, 0x80, 0xed, 0xf4].map(byte => Buffer.from([byte]))

const values = [
  ...[
    'null',
    'true',
    '{}',
    '[]',
    '[null]',
    '[{}]',
    '7',
    '-0',
    '1e400',
    '2147483648',
    '12345678901234567890',
    '""',
    '"x"',
  ],
  ...['"id"', '"in"', '"at"', '"type"', '"n\\u00e4me"', '"\\ud83d"', '"2023-07-27T04:12Z"', '{"$date":1690431138511}'],
].map(value => Buffer.from(value))

/** The positions of names and scalars in each document. */
const places = documents.map(document =>
  Array.from(document.toString('latin1').matchAll(/"(?:[^"\\]|\\.)*"|[-\w][-+.\w]*/g), ({ 0: { length }, index }) => ({
    start: index,
    end: index + length,
  })),
)

/** The document with one name or scalar replaced by another value. Usually it is still JSON. */
const withOtherValue = (random: Random): Buffer => {
  const index = random.below(documents.length)
  const [document = Buffer.alloc(0), { start, end }] = [documents[index], random.pick(places[index] ?? [])]
  return Buffer.concat([document.subarray(0, start), random.pick(values), document.subarray(end)])
}

/** The document with a few parts replaced, removed, duplicated or moved. */
const mutate = (document: Buffer, random: Random): Buffer => {
  let mutated = document
  for (let times = random.below(4); times > 0; times -= 1) {
    const at = random.below(mutated.length + 1)
    const end = Math.min(mutated.length, at + random.below(4))
    const from = random.below(mutated.length + 1)
    const inserted = [
      () => random.pick(tokens),
      () => random.pick(tokens),
      () => mutated.subarray(from, from + random.below(40)),
      () => Buffer.alloc(0),
      () => (random.below(10) === 0 ? random.pick(strayBytes) : random.pick(tokens)),
    ]
    const rest = random.below(3) === 0 ? end : at
    mutated = Buffer.concat([mutated.subarray(0, at), random.pick(inserted)(), mutated.subarray(rest)])
  }
  return mutated
}

/** The text after a round trip through UTF-8, where an unpaired surrogate becomes U+FFFD. */
const isSameText = (read: unknown, parsed: string): boolean =>
  read instanceof Text && read.toString() === Buffer.from(parsed).toString()

const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

const isSameScalar = (read: unknown, parsed: unknown): boolean => {
  if (typeof parsed === 'string') return isSameText(read, parsed)
  if (!(read instanceof Text)) return false
  const json = read.toString()
  return typeof parsed === 'number' ? jsonNumber.test(json) && Object.is(Number(json), parsed) : json === String(parsed)
}

/** Whether reading by the shape gave the same values as JSON.parse. */
const isSame = (shape: Shape, read: unknown, parsed: unknown): boolean => {
  if (shape.kind === 'optional') {
    return parsed === undefined || parsed === null ? read === undefined : isSame(shape.shape, read, parsed)
  }
  if (shape.kind === 'object') {
    const [values, fields] = [read as Record<string, unknown>, parsed as Record<string, unknown>]
    return Object.entries(shape.fields).every(([name, inner]) => isSame(inner, values[name], fields[name]))
  }
  if (shape.kind === 'list') {
    const [entries, given] = [read as unknown[], (parsed as unknown[]).filter(entry => entry !== null)]
    return (
      entries.length === given.length && given.every((entry, index) => isSame(shape.entries, entries[index], entry))
    )
  }
  if (shape.kind === 'instant') return read === readInstant(parsed, '')
  if (shape.kind === 'boolean' || shape.kind === 'int') return Object.is(read, parsed)
  return shape.kind === 'scalarText' ? isSameScalar(read, parsed) : isSameText(read, String(parsed))
}

const parse = (value: Buffer): { readonly json: unknown } | undefined => {
  try {
    return {
      json: JSON.parse(value.toString('utf8', value[0] === 0xef && value[1] === 0xbb && value[2] === 0xbf ? 3 : 0)),
    }
  } catch {
    return undefined
  }
}

type Verdict = 'event' | 'no event' | 'no JSON'

/** The common verdict of both, or undefined if they differ. */
const verdictOf = (value: Buffer): Verdict | undefined => {
  const parsed = isUtf8(value) ? parse(value) : undefined
  const fault = parsed && firstFault(shape.fields, parsed.json)
  try {
    const event = read(value)
    return parsed !== undefined && fault === undefined && isSame(shape, event, parsed.json) ? 'event' : undefined
  } catch (error) {
    if (!(error instanceof InvalidEvent)) throw error
    if (parsed === undefined) return error.reason === 'not-json' || value.length === 0 ? 'no JSON' : undefined
    return error.reason === fault?.reason && error.message === fault.message ? 'no event' : undefined
  }
}

/**
 * The number of mutated documents with each verdict.
 *
 * @throws Error with the document if reading by a shape and JSON.parse differ
 */
export const compare = (count: number, seed: number): Readonly<Record<Verdict, number>> => {
  const random = seeded(seed)
  // Otherwise most of the time is spent on the stacks of errors.
  Error.stackTraceLimit = 0
  const verdicts = { event: 0, 'no event': 0, 'no JSON': 0 }
  for (let done = 0; done < count; done += 1) {
    const document = mutate(withOtherValue(random), random)
    const verdict = verdictOf(document)
    if (verdict === undefined)
      throw new Error(`document ${done} of seed ${seed} differs: ${document.toString('latin1')}`)
    verdicts[verdict] += 1
  }
  return verdicts
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [count = 1_000_000, seed = 1] = process.argv.slice(2).map(Number)
  console.log(count, 'documents of seed', seed, compare(count, seed))
}
