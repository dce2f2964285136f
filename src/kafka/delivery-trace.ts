import { tracingChannel } from 'node:diagnostics_channel'

/** The context of a traced delivery. At the end, `next` is the offset after the last delivered record. */
export interface DeliveryTrace {
  readonly partition: number
  readonly first: number
  next: number
}

/** A diagnostics channel (node:diagnostics_channel) that traces each delivery of records of one partition. */
export const deliveries = tracingChannel<'sunbird-streams.delivery', DeliveryTrace>('sunbird-streams.delivery')
