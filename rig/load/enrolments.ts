import { type Random, seeded } from './random.ts'

/** The properties of a load. */
export interface Load {
  readonly seed: number
  readonly events: number
  readonly programmes: number
  /** The share of events that change an existing enrolment, from 0 to 1. */
  readonly repeats: number
  /** The share of bad events, from 0 to 1. */
  readonly bad: number
  /** The approximate size of a good event in bytes; today's producer sends 1,800. */
  readonly bytes: number
}

/** One message to publish, and its expected result. */
export interface LoadMessage {
  readonly value: Buffer | null
  readonly expected: 'row' | 'dead-letter'
}

const roles = ['hm', 'crp', 'brp', 'teacher', 'deo']
const places = ['state', 'district', 'block', 'cluster', 'school']
const start = Date.UTC(2026, 0, 1)

const hex = (random: Random, length: number): string =>
  Array.from({ length }, () => '0123456789abcdef'.charAt(random.below(16))).join('')

/** Adds an ignored field to an event, to reach the size. */
const pad = (event: object, bytes: number): object => {
  const missing = bytes - JSON.stringify(event).length - '"framework":"",'.length
  return missing > 0 ? { ...event, framework: 'x'.repeat(missing) } : event
}

const location = (random: Random, type: string): object => ({
  code: String(random.below(1e9)),
  name: `${type} ${random.below(500)}`,
  id: `${hex(random, 8)}-${hex(random, 4)}-${hex(random, 12)}`,
  type,
  parentId: null,
})

/** An enrolment event in the producer's format; `version` counts the events of one programme and user. */
export const enrolment = (
  random: Random,
  programme: number,
  userId: string,
  version: number,
  bytes: number,
): object => {
  const time = new Date(start + random.below(200 * 86_400_000)).toISOString()
  return pad(
    {
      _id: hex(random, 24),
      programId: `64be77c1d29f0a4be81${String(programme).padStart(5, '0')}`,
      programExternalId: `PGM-${programme}`,
      programName: `Programme ${programme} version ${version}`,
      userId,
      requestForPIIConsent: random.below(2) === 0,
      userProfile: {
        id: userId,
        firstName: 'Asha',
        maskedPhone: '******4321',
        profileUserTypes: [
          { type: 'administrator', subType: random.pick(roles) },
          { type: 'Teacher', subType: random.pick(roles) },
        ],
        userLocations: places.map(type => location(random, type)),
        rootOrg: { id: `0126890478188625${random.below(50)}`, orgName: `Board ${random.below(50)}`, channel: 'east' },
      },
      createdAt: time,
      updatedAt: time,
      __v: version,
    },
    bytes,
  )
}

/** A message of each kind that must become a dead letter. */
export const badMessages: readonly (() => Buffer | null)[] = [
  () => null,
  () => Buffer.alloc(0),
  () => Buffer.from('{"programId":"64be77c1d29f0a4be8100000","userId":'),
  () => Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
  () => Buffer.from('[1,2,3]'),
  () => Buffer.from('{"userId":"u","createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}'),
  () =>
    Buffer.from('{"programId":7,"userId":"u","createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}'),
  () =>
    Buffer.from('{"programId":"p","userId":"u","createdAt":"2026-02-30T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}'),
  () =>
    Buffer.from(
      '{"programId":"p","userId":"u","createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z","userProfile":"x"}',
    ),
]

/** The messages of a load, in order; the same for the same seed. */
export function* messages({ seed, events, programmes, repeats, bad, bytes }: Load): Generator<LoadMessage> {
  const random = seeded(seed)
  const enrolled: { programme: number; userId: string; version: number }[] = []
  for (let count = 0; count < events; count += 1) {
    if (random.next() < bad) {
      yield { value: random.pick(badMessages)(), expected: 'dead-letter' }
      continue
    }
    const again = enrolled.length > 0 && random.next() < repeats ? random.pick(enrolled) : undefined
    const who = again ?? { programme: random.below(programmes), userId: `${hex(random, 8)}-${count}`, version: 0 }
    if (again === undefined) enrolled.push(who)
    who.version += 1
    const event = enrolment(random, who.programme, who.userId, who.version, bytes)
    yield { value: Buffer.from(JSON.stringify(event)), expected: 'row' }
  }
}
