import { deadLetterHeaders, replayHeader } from '../../kafka/headers.ts'
import { type Replayed } from '../../kafka/replay.ts'
import { type Headers } from '../../model/record.ts'
import { lastHeader, type Letter } from './letter.ts'

/** On a replayed message: where the dead letter lies, as `topic:partition:offset`. */
export const replayedFrom = 'sunbird.replay.from'

/** Why a letter cannot be replayed, with what it means. */
export const obstacles = {
  'value-omitted': 'without its value, which was too large for the dead-letter topic',
  'other-topic': 'not from the topic that this stream reads',
  'no-time': "without the original's time, so it might overwrite something newer",
} as const

export type Obstacle = keyof typeof obstacles

/** The message's own headers: every dead letter has one value of ours behind those that were there. */
const ownHeaders = (headers: Headers): Record<string, Headers[string]> => {
  const ours: readonly string[] = Object.values(deadLetterHeaders)
  const own: Record<string, Headers[string]> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (!ours.includes(name)) own[name] = value
    else if (Array.isArray(value) && value.length > 1) own[name] = value.slice(0, -1)
  }
  return own
}

/** A letter that was replayed before, and failed again, keeps the time of its first original. */
const originalTime = ({ message, source }: Letter): string | undefined =>
  lastHeader(message.headers, replayHeader) ?? source.timestamp?.toString()

/**
 * What is published for a letter: key, value and headers as they were, and the time of the original, which the worker
 * takes as write timestamp. `deadLetterTopic` names where the letter lies.
 */
export const toReplayed = (letter: Letter, sourceTopic: string, deadLetterTopic: string): Replayed | Obstacle => {
  const { message, source, valueOmitted } = letter
  if (source.topic !== sourceTopic) return 'other-topic'
  if (valueOmitted) return 'value-omitted'
  const time = originalTime(letter)
  if (time === undefined) return 'no-time'
  const headers = {
    ...ownHeaders(message.headers),
    [replayHeader]: time,
    [replayedFrom]: `${deadLetterTopic}:${message.partition}:${message.offset}`,
  }
  return { key: message.key, value: message.value, headers }
}
