import { type Replayed } from '../../kafka/replay.ts'
import { type Replayable } from './replayed.ts'

const maxMessages = 100
const maxBytes = 524_288

/** A group is a tenth of a second's worth, so that the rate is even and an interruption takes at most a second. */
export const groupSize = (perSecond: number): number => Math.max(1, Math.min(maxMessages, Math.ceil(perSecond / 10)))

const bytesOf = ({ key, value }: Replayed): number => (key?.length ?? 0) + (value?.length ?? 0)

/** Messages to publish together. */
export class Group {
  messages: Replayable[] = []
  #bytes = 0

  add(message: Replayable): void {
    this.messages.push(message)
    this.#bytes += bytesOf(message)
  }

  isFull(perSecond: number): boolean {
    return this.messages.length >= groupSize(perSecond) || this.#bytes >= maxBytes
  }

  /** Returns the messages and empties the group. */
  take(): Replayable[] {
    const { messages } = this
    this.messages = []
    this.#bytes = 0
    return messages
  }
}
