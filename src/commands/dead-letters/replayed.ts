import { deadLetterHeaders, lastHeader, replayHeader, valuesOf } from '../../kafka/headers.ts'
import { type Replayed } from '../../kafka/replay.ts'
import { type Headers } from '../../model/record.ts'
import { undecodable } from '../../kafka/step-over.ts'
import { isTime } from '../../model/time.ts'
import { type Letter } from './letter.ts'

/** Header of a replayed message: its dead letter, as `topic:partition:offset`. */
export const replayedFrom = 'sunbird.replay.from'

/** Header of a message that an earlier release replayed: the timestamp of the original, in milliseconds. */
const earlierReplay = 'sunbird.replay.timestamp'

/** Why a letter cannot be replayed, for people. */
export const obstacles = {
  incomplete: 'its value, headers or key are missing, because they were too large for the dead-letter topic',
  'no-record': 'it holds bytes of a record batch that cannot be decoded',
  'other-topic': 'it is from another topic',
  'too-large': 'it is too large for the source topic, even compressed: see max.message.bytes',
} as const

export type Obstacle = keyof typeof obstacles

/** A letter, ready to be published again. */
export interface Replayable extends Replayed {
  readonly reason: string
  /** False for letters of earlier releases, which do not have the write timestamp. */
  readonly isExact: boolean
  /** The earlier letter of the same message, as `partition:offset`; undefined if it was never replayed. */
  readonly earlierLetter: string | undefined
}

/** The message's own headers: without our values, which are the last of their names. */
const ownHeaders = (headers: Headers): Headers => {
  const ours: readonly string[] = [...Object.values(deadLetterHeaders), replayHeader, replayedFrom, earlierReplay]
  return Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name, ours.includes(name) ? valuesOf(value).slice(0, -1) : value] as const)
      .filter(([, value]) => !Array.isArray(value) || value.length > 0),
  )
}

/**
 * The write timestamp for a letter of an earlier release: the timestamp of the original record, or that of the letter, which
 * was published soon after the read.
 */
const approximate = ({ message, source }: Letter): number | undefined => {
  const times = [Number(lastHeader(message.headers, earlierReplay) ?? NaN), source.timestamp]
  const time = times.find(at => isTime(at) && at <= message.timestamp) ?? message.timestamp
  return isTime(time) ? time * 1000 : undefined
}

const earlierLetterOf = (headers: Headers, topic: string): string | undefined => {
  const from = lastHeader(headers, replayedFrom)
  return from?.startsWith(`${topic}:`) === true ? from.slice(topic.length + 1) : undefined
}

/**
 * The message to publish for a letter: the original key, value, headers and partition, and the write timestamp of the first
 * read. `deadLetterTopic` is the topic of the letter.
 */
export const toReplayed = (letter: Letter, sourceTopic: string, deadLetterTopic: string): Replayable | Obstacle => {
  const { message, source, incomplete, reason } = letter
  if (source.topic !== sourceTopic) return 'other-topic'
  if (reason === undecodable) return 'no-record'
  if (incomplete) return 'incomplete'
  const writeTimestamp = source.writeTimestamp ?? approximate(letter)
  return {
    partition: /^\d{1,9}$/.test(source.partition) ? Number(source.partition) : 0,
    key: message.key,
    value: message.value,
    headers: {
      ...ownHeaders(message.headers),
      ...(writeTimestamp === undefined ? {} : { [replayHeader]: String(writeTimestamp) }),
      [replayedFrom]: `${deadLetterTopic}:${message.partition}:${message.offset}`,
    },
    reason,
    isExact: source.writeTimestamp !== undefined,
    earlierLetter: earlierLetterOf(message.headers, deadLetterTopic),
  }
}
