import { type Random } from '../load/random.ts'

type Json = string | number | boolean | null | Json[] | Fields

interface Fields {
  [field: string]: Json
}

const odd: readonly (() => Json)[] = [
  () => null,
  () => '',
  () => ' \u00a0\u2003',
  () => 'x'.repeat(200_000),
  () => '\ud800 lone',
  () => '\u0000',
  () => 1e308,
  () => -0,
  () => 2 ** 60,
  () => true,
  () => [],
  () => [[[]]],
  () => ({}),
  () => ({ constructor: 1, toString: 2, hasOwnProperty: null }),
  () => '2021-13-45T00:00:00Z',
  () => '9999-12-31T23:59:59.999Z',
]

const isBranch = (value: Json): value is Json[] | Fields => typeof value === 'object' && value !== null

const branches = (value: Json): (Json[] | Fields)[] =>
  isBranch(value) ? [value, ...Object.values(value).flatMap(branches)] : []

/** Changes or removes some values of an event. */
const mutateTree = (random: Random, event: Json): Json => {
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    const branch = random.pick(branches(event)) as Record<string, Json>
    const fields = Object.keys(branch)
    const field = fields.length > 0 && random.next() < 0.8 ? random.pick(fields) : '__proto__'
    if (random.next() < 0.2) Reflect.deleteProperty(branch, field)
    else
      Object.defineProperty(branch, field, {
        value: random.pick(odd)(),
        enumerable: true,
        configurable: true,
        writable: true,
      })
  }
  return event
}

const flipBytes = (random: Random, bytes: Buffer): Buffer => {
  const flipped = Buffer.from(bytes)
  for (let times = 1 + random.below(4); times > 0; times -= 1) flipped[random.below(flipped.length)] = random.below(256)
  return flipped
}

const bytes = (random: Random, length: number): Buffer => Buffer.from(Array.from({ length }, () => random.below(256)))

const nested = (random: Random): Buffer => {
  const depth = 1_000 + random.below(80_000)
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['{"userProfile":', '}'],
  ] as const)
  const text = `${open.repeat(depth)}1${close.repeat(depth)}`
  return Buffer.from(random.next() < 0.5 ? text : `{"programId":"deep","userId":"u","userProfile":${text}}`)
}

/** Bytes that resemble an event. */
export const mutated = (random: Random, event: Buffer): Buffer | null => {
  const kinds: readonly (() => Buffer | null)[] = [
    () => Buffer.from(JSON.stringify(mutateTree(random, JSON.parse(event.toString()) as Json))),
    () => Buffer.from(JSON.stringify(mutateTree(random, JSON.parse(event.toString()) as Json))),
    () => flipBytes(random, event),
    () => event.subarray(0, random.below(event.length)),
    () => Buffer.concat([event, bytes(random, 1 + random.below(5))]),
    () => bytes(random, random.below(2_000)),
    () => nested(random),
    () => Buffer.from(`\ufeff${event.toString()}`),
    () => Buffer.from(event.toString(), 'utf16le'),
    () => null,
  ]
  return random.pick(kinds)()
}
