import { tmpdir } from 'node:os'
import { type JudgedRow, type Judging } from '../../audit/judge.ts'
import { type Republished, toRepublish } from '../../audit/republish.ts'
import { bucketCount, Spill } from '../../audit/spill.ts'
import { type Mendable } from './judge.ts'

const encode = ({ partition, offset, writeTimestamp }: Republished): Buffer => {
  const bytes = Buffer.allocUnsafe(20)
  bytes.writeUInt32BE(partition)
  bytes.writeDoubleBE(offset, 4)
  bytes.writeDoubleBE(writeTimestamp, 12)
  return bytes
}

/** The events to publish again, on disk. */
export class EventsToPublish implements Mendable {
  /** The number of events. */
  count = 0
  /** Rows that an event after the end of the audited range changes. */
  left = 0
  /** Rows that somebody else wrote after their event. */
  overwritten = 0
  readonly #spill = new Spill(tmpdir())
  readonly #endedAt: number

  /** @param endedAt microseconds: the worker read all audited events before this time */
  constructor(endedAt: number) {
    this.#endedAt = endedAt
  }

  row({ verdict, expected, cells }: JudgedRow, { isLater }: Judging): void {
    const events = expected === undefined ? [] : toRepublish(expected, cells, isLater, this.#endedAt)
    if (events === undefined) {
      this.left += 1
      return
    }
    if (verdict === 'newer') this.overwritten += 1
    for (const event of events) this.#add(event)
  }

  letter(partition: number, offset: number): void {
    this.#add({ partition, offset, writeTimestamp: this.#endedAt })
  }

  #add(event: Republished): void {
    this.count += 1
    this.#spill.append(event.partition % bucketCount, encode(event))
  }

  /** All events, grouped by partition; those of one row stay in order. */
  *[Symbol.iterator](): Generator<Republished> {
    for (let bucket = 0; bucket < bucketCount; bucket += 1) {
      for (const bytes of this.#spill.entries(bucket)) {
        const [offset, writeTimestamp] = [bytes.readDoubleBE(4), bytes.readDoubleBE(12)]
        yield { partition: bytes.readUInt32BE(0), offset, writeTimestamp }
      }
    }
  }

  close(): void {
    this.#spill.close()
  }
}
