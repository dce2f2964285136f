import { type KafkaRecord, type Rejected, type Stage } from '../record.ts'
import { Rejection } from '../rejection.ts'

/** What `step` gives, or the record rejected where `step` throws a Rejection; anything else thrown is a bug. */
export const rejectedOr = <T>(record: KafkaRecord, stage: Stage, step: () => T): T | Rejected => {
  try {
    return step()
  } catch (error) {
    if (!(error instanceof Rejection)) throw error
    return { kind: 'rejected', record, stage, reason: error.reason, message: error.message }
  }
}
