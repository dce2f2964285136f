import { badMessages, enrolment } from '../load/enrolments.ts'
import { type Random, seeded } from '../load/random.ts'

/** The properties of a load for the faults. */
export interface FaultLoad {
  readonly seed: number
  readonly events: number
  readonly partitions: number
  /** Few programmes make large table partitions, many make small batches. */
  readonly programmes: number
  /** The share of each kind of bad message. */
  readonly eachBad: number
  /** The approximate size of a good event in bytes. */
  readonly bytes: number
}

export interface FaultMessage {
  readonly partition: number
  readonly value: Buffer | null
  readonly key: Buffer | null
  readonly headers: Record<string, string>
}

/** The expected result of a message. It is part of the message, so the topic alone is enough. */
export const fateHeader = 'fate'
export type Fate = 'row' | 'dead-letter' | 'either'

/** A marker in every personal field and every bad message. It must never appear in a log line or a header. */
export const marker = 'mrkrQ7x'

/** Additional kinds of bad messages. */
const furtherBad: readonly string[] = [
  '\ufeff{"programId":"p","userId":"u"',
  `{"programId":"p","userId":"","createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z","n":"${marker}"}`,
  `{"programId":"p","userId":"u","createdAt":"${marker}","updatedAt":"2026-01-01T00:00:00Z"}`,
  `"${marker}"`,
  '['.repeat(50_000),
  `{"__proto__":{"programId":"p","userId":"${marker}"},"createdAt":"2026-01-01T00:00:00Z"}`,
  '{"programId":"p","programId":null,"userId":"u","createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}',
]

export const badKinds: readonly (() => Buffer | null)[] = [
  ...badMessages,
  ...furtherBad.map(text => () => Buffer.from(text)),
]

/** Optional fields that 5 % of the events omit. */
const optional: readonly ((event: Event) => void)[] = [
  event => delete event.userProfile,
  event => delete event.userProfile?.['rootOrg'],
  event => delete event.userProfile?.['profileUserTypes'],
  event => delete event.userProfile?.['userLocations'],
  event => delete event['programExternalId'],
  event => delete event['requestForPIIConsent'],
  event => (event.userProfile = { ...event.userProfile, userLocations: [] }),
]

interface Event {
  [field: string]: unknown
  userProfile?: Record<string, unknown>
}

const goodEvent = (random: Random, programme: number, userId: string, version: number, bytes: number): Buffer => {
  const event = enrolment(random, programme, userId, version, bytes) as Event
  Object.assign(event.userProfile ?? {}, { firstName: marker, maskedPhone: marker, maskedEmail: marker })
  event.userProfile = { ...event.userProfile, rootOrg: { id: `o${random.below(50)}`, orgName: `${marker} board` } }
  if (random.next() < 0.05) random.pick(optional)(event)
  return Buffer.from(JSON.stringify(event))
}

const mostVersions = 5

/** The messages of a load, in order, and the same for the same seed. All versions of an enrolment go to one partition. */
export function* faultMessages(load: FaultLoad): Generator<FaultMessage> {
  const random = seeded(load.seed)
  const open: { programme: number; userId: string; version: number; versions: number; partition: number }[] = []
  for (let count = 0; count < load.events; count += 1) {
    const bad = badKinds[Math.floor(random.next() / load.eachBad)]
    if (bad !== undefined) {
      const headers = { [fateHeader]: 'dead-letter' }
      yield { partition: random.below(load.partitions), value: bad(), key: Buffer.from(`k${count}`), headers }
      continue
    }
    if (open.length === 0 || random.next() < 0.4) {
      const userId = `${count}-${marker}`
      const versions = 1 + random.below(mostVersions)
      open.push({
        programme: random.below(load.programmes),
        userId,
        version: 0,
        versions,
        partition: random.below(load.partitions),
      })
    }
    const index = random.below(open.length)
    const who = open[index]
    if (who === undefined) continue
    who.version += 1
    if (who.version === who.versions) open.splice(index, 1)
    const value = goodEvent(random, who.programme, who.userId, who.version, load.bytes)
    yield { partition: who.partition, value, key: null, headers: { [fateHeader]: 'row' } }
  }
}
