import { tracingChannel } from 'node:diagnostics_channel'

/** What is known to those who trace deliveries; `next` is the offset behind the last record delivered, once it has ended. */
export interface DeliveryTrace {
  readonly partition: number
  readonly first: number
  next: number
}

/** For tools that watch a process from within: each delivery of records of one partition is traced (node:diagnostics_channel). */
export const deliveries = tracingChannel<'sunbird-streams.delivery', DeliveryTrace>('sunbird-streams.delivery')
