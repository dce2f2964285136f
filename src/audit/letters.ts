import { bucketCount } from './spill.ts'

/** A note about one offset of the source topic. */
export interface PlaceNote {
  readonly partition: number
  readonly offset: number
  /** `wanted`: the message there must have a dead letter. `letter`: one was found. `allowed`: one was found, for a refused row. */
  readonly what: 'wanted' | 'letter' | 'allowed'
  /** For `wanted`: the message's timestamp in milliseconds. */
  readonly time: number
}

const kinds = ['wanted', 'letter', 'allowed'] as const

export const placeBucket = ({ partition, offset }: Pick<PlaceNote, 'partition' | 'offset'>): number =>
  (partition * 31 + offset) % bucketCount

export const encodePlace = ({ partition, offset, what, time }: PlaceNote): Buffer => {
  const bytes = Buffer.allocUnsafe(21)
  bytes[0] = kinds.indexOf(what)
  bytes.writeUInt32BE(partition, 1)
  bytes.writeDoubleBE(offset, 5)
  bytes.writeDoubleBE(time, 13)
  return bytes
}

export function* placesIn(entries: Iterable<Buffer>): Generator<PlaceNote> {
  for (const bytes of entries) {
    const what = kinds[bytes[0] ?? 0] ?? 'wanted'
    yield { partition: bytes.readUInt32BE(1), offset: bytes.readDoubleBE(5), time: bytes.readDoubleBE(13), what }
  }
}

/** How a message and its dead letters compare. `unclear`: retention may have removed the dead letter. */
export type LetterVerdict = 'equal' | 'no-letter' | 'letter-twice' | 'unexpected-letter' | 'unclear'

export interface JudgedPlace {
  readonly partition: number
  readonly offset: number
  readonly verdict: LetterVerdict
}

interface Seen {
  wanted: number | undefined
  letters: number
  allowed: number
}

/**
 * Judges the notes about each offset.
 *
 * @param keptSince milliseconds; the dead-letter topic still has all dead letters since this time
 */
export function* judgeLetters(places: Iterable<PlaceNote>, keptSince: number): Generator<JudgedPlace> {
  const partitions = new Map<number, Map<number, Seen>>()
  for (const { partition, offset, what, time } of places) {
    const offsets = partitions.get(partition) ?? new Map<number, Seen>()
    partitions.set(partition, offsets)
    const seen = offsets.get(offset) ?? { wanted: undefined, letters: 0, allowed: 0 }
    offsets.set(offset, seen)
    if (what === 'wanted') seen.wanted = time
    else if (what === 'letter') seen.letters += 1
    else seen.allowed += 1
  }
  for (const [partition, offsets] of partitions) {
    for (const [offset, { wanted, letters, allowed }] of offsets) {
      const found = letters + allowed
      const verdict = (): LetterVerdict => {
        if (wanted === undefined && letters > 0) return 'unexpected-letter'
        if (found > 1) return 'letter-twice'
        if (wanted === undefined || found === 1) return 'equal'
        return wanted < keptSince ? 'unclear' : 'no-letter'
      }
      yield { partition, offset, verdict: verdict() }
    }
  }
}
