import { deadLetterHeaders, lastHeader, replayHeader, valuesOf } from '../../kafka/headers.ts'
import { type Replayed } from '../../kafka/replay.ts'
import { type Headers } from '../../model/record.ts'
import { undecodable } from '../../kafka/step-over.ts'
import { isTime } from '../../model/time.ts'
import { type Letter } from './letter.ts'

/** On a replayed message: where the dead letter lies, as `topic:partition:offset`. */
export const replayedFrom = 'sunbird.replay.from'

/** On a message that an earlier release replayed: the time of its first original, in milliseconds. */
const earlierReplay = 'sunbird.replay.timestamp'

/** Why a letter cannot be replayed, with what it means. */
export const obstacles = {
  incomplete: 'without its value, headers or key, which were too large for the dead-letter topic',
  'no-record': 'bytes of a record batch that could not be decoded',
  'other-topic': 'not from the topic that this stream reads',
  'too-large': 'larger than the source topic allows, also compressed: see its max.message.bytes',
} as const

export type Obstacle = keyof typeof obstacles

/** A letter as it is published again. */
export interface Replayable extends Replayed {
  readonly reason: string
  /** False when the letter is of an earlier release and does not tell which write timestamp its record got. */
  readonly isExact: boolean
  /** The letter, as `partition:offset`, whose replay became this one; undefined when it was never replayed. */
  readonly earlierLetter: string | undefined
}

/** The message's own headers: every dead letter has one value of ours behind those that were there. */
const ownHeaders = (headers: Headers): Headers => {
  const ours: readonly string[] = [...Object.values(deadLetterHeaders), replayHeader, replayedFrom, earlierReplay]
  return Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name, ours.includes(name) ? valuesOf(value).slice(0, -1) : value] as const)
      .filter(([, value]) => !Array.isArray(value) || value.length > 0),
  )
}

/**
 * For a letter of an earlier release: the time of its record, or of the first one if it was replayed; where that is none,
 * the time of the letter, which came to be soon after the reading.
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
 * What is published for a letter: key, value and headers as they were, to the partition of the original, and the write
 * timestamp that its record got, which the worker takes again. `deadLetterTopic` names where the letter lies.
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
