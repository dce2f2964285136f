/**
 * Every reason for which a message becomes a dead letter, with what it means. The list is closed: operators filter and
 * alert on these codes, so a code is never renamed, and a message is never rejected for anything but its own content.
 */
export const reasons = {
  'empty-value': 'the message has no value, or one of zero bytes',
  'not-json': 'the value is not exactly one JSON document in UTF-8',
  'wrong-type': 'a field holds another JSON type than the contract expects; the message names path, expected and found',
  'missing-key': 'a field that names the row is absent or empty',
  'key-too-long': 'the fields that name the row are longer than the 65,535 bytes that Cassandra takes for a key',
  'bad-date': 'a date is absent, empty or not an instant',
  'refused-by-table': 'the database refuses this row, and takes its neighbours',
} as const

export type Reason = keyof typeof reasons

/**
 * What is wrong with one message. `message` is for people and travels in a header: it names fields, types and sizes and
 * never holds a value of the event, because values are personal data.
 */
export class InvalidEvent extends Error {
  readonly reason: Reason

  constructor(reason: Reason, message: string) {
    super(message)
    this.name = 'InvalidEvent'
    this.reason = reason
  }
}
