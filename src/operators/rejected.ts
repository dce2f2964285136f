import { type KafkaRecord, type Rejected, type Stage } from '../model/record.ts'
import { InvalidEvent } from '../stream/invalid-event.ts'

/** The result of `step`, or the rejected record if `step` throws InvalidEvent. Any other error is a bug. */
export const rejectedOr = <T>(record: KafkaRecord, stage: Stage, step: () => T): T | Rejected => {
  try {
    return step()
  } catch (error) {
    if (!(error instanceof InvalidEvent)) throw error
    return { kind: 'rejected', record, stage, reason: error.reason, message: error.message }
  }
}
