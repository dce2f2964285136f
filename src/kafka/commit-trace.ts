import { tracingChannel } from 'node:diagnostics_channel'
import { type Committable } from './member.ts'

/** The context of a traced commit. */
export interface CommitTrace {
  readonly positions: readonly Committable[]
  /** Why the commit failed. */
  readonly error?: unknown
}

/** A diagnostics channel (node:diagnostics_channel) that traces each commit until the broker acknowledges or refuses it. */
export const commits = tracingChannel<'sunbird-streams.commit', CommitTrace>('sunbird-streams.commit')
