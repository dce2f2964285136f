import { type Replayed } from '../../kafka/replay.ts'
import { type Replayable } from './replayed.ts'

const maxMessages = 100
const maxBytes = 524_288

/** Groups are a tenth of a second's share, so that a rate is even and an interruption waits at most a second. */
export const groupSize = (perSecond: number): number => Math.max(1, Math.min(maxMessages, Math.ceil(perSecond / 10)))

const bytesOf = ({ key, value }: Replayed): number => (key?.length ?? 0) + (value?.length ?? 0)

/** What waits to be published together. */
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

  /** Gives what waits, and is empty after it. */
  take(): Replayable[] {
    const { messages } = this
    this.messages = []
    this.#bytes = 0
    return messages
  }
}
