import { type KafkaRecord } from '../model/record.ts'

/** Records read and not yet settled. */
export interface InFlight {
  readonly records: number
  readonly bytes: number
}

/**
 * Whether to pause or resume reading: pause at the limit, resume at half of it. The gap keeps pauses rare. During a fault
 * (`held`) reading is paused.
 */
export const decideIntake = (
  now: InFlight,
  bound: InFlight,
  held: boolean,
  paused: boolean,
): 'pause' | 'resume' | 'as-is' => {
  const fullness = Math.max(now.records / bound.records, now.bytes / bound.bytes)
  if (paused) return !held && fullness <= 0.5 ? 'resume' : 'as-is'
  return held || fullness >= 1 ? 'pause' : 'as-is'
}

/** Counts the records in flight. */
export class InFlightLedger implements InFlight {
  records = 0
  bytes = 0

  add(record: KafkaRecord): void {
    this.records += 1
    this.bytes += record.bytes
  }

  remove(records: readonly KafkaRecord[]): void {
    this.records -= records.length
    for (const { bytes } of records) this.bytes -= bytes
    if (this.records < 0 || this.bytes < 0) throw new Error('more records were settled than read')
  }
}
