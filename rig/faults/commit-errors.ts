import { WholeMessages } from '../../src/kafka/socket.ts'
import { type Tap } from './proxy.ts'

/**
 * What happens to a commit. The broker receives a wrong generation or member id and refuses it. Or it accepts the commit, but
 * the response has this error code. Or it accepts the commit, and the response is lost.
 */
export type CommitFault = 'wrong-generation' | 'wrong-member' | 'no-answer' | { readonly answer: number }

/** Error codes that a coordinator may return for a commit. */
export const commitErrors = {
  requestTimedOut: 7,
  coordinatorLoadInProgress: 14,
  coordinatorNotAvailable: 15,
  notCoordinator: 16,
  illegalGeneration: 22,
  unknownMemberId: 25,
  rebalanceInProgress: 27,
} as const

const offsetCommit = 8

const afterText = (frame: Buffer, at: number): number => at + 2 + Math.max(0, frame.readInt16BE(at))

/** Length, key, version, correlation id, client; then group, generation and member (OffsetCommit up to version 7). */
const spoilt = (request: Buffer, fault: 'wrong-generation' | 'wrong-member'): Buffer => {
  const frame = Buffer.from(request)
  const generation = afterText(frame, afterText(frame, 12))
  if (fault === 'wrong-generation') frame.writeInt32BE(frame.readInt32BE(generation) + 1000, generation)
  else frame.writeUInt8(frame.readUInt8(generation + 6) ^ 1, generation + 6)
  return frame
}

/** Length, correlation id, throttle time; then topics with their partitions, each an index and an error code. */
const answered = (response: Buffer, code: number): Buffer => {
  const frame = Buffer.from(response)
  let at = 16
  for (let topics = frame.readInt32BE(12); topics > 0; topics -= 1) {
    at = afterText(frame, at)
    let partitions = frame.readInt32BE(at)
    for (at += 4; partitions > 0; partitions -= 1, at += 6) frame.writeInt16BE(code, at + 4)
  }
  return frame
}

/** A connection to a broker on which commits fail. `next` is called for each; undefined lets it pass. */
export const erringCommits = (next: () => CommitFault | undefined): Tap => {
  const [requests, responses] = [new WholeMessages(), new WholeMessages()]
  const faults = new Map<number, CommitFault>()

  const changedRequest = (frame: Buffer): Buffer => {
    const fault = frame.readInt16BE(4) === offsetCommit ? next() : undefined
    if (fault === undefined) return frame
    faults.set(frame.readInt32BE(8), fault)
    return fault === 'wrong-generation' || fault === 'wrong-member' ? spoilt(frame, fault) : frame
  }

  const changedResponse = (frame: Buffer): Buffer => {
    const fault = faults.get(frame.readInt32BE(4))
    faults.delete(frame.readInt32BE(4))
    if (fault === 'no-answer') return Buffer.alloc(0)
    return typeof fault === 'object' ? answered(frame, fault.answer) : frame
  }

  const changed = (messages: WholeMessages, change: (frame: Buffer) => Buffer) => (chunk: Buffer) =>
    Buffer.concat(messages.add(chunk).map(change))

  return { toServer: changed(requests, changedRequest), toClient: changed(responses, changedResponse) }
}
