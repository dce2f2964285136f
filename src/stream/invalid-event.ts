/**
 * Every reason why a message becomes a dead letter, with its meaning. Operators filter and alert on these codes, so a code
 * is never renamed. A message is rejected only for its own content.
 */
export const reasons = {
  'empty-value': 'the message has no value, or one of zero bytes',
  'not-json': 'the value is not exactly one JSON document in UTF-8',
  'wrong-type': 'a field has another JSON type than the contract requires; the message names the path and both types',
  'missing-key': 'a field of the primary key is absent or empty',
  'key-too-long': 'the fields of the primary key are longer than the 65,535 bytes that Cassandra accepts',
  'bad-date': 'a date is absent, empty or not a valid instant',
  'refused-by-table': 'Cassandra refuses this row, but accepts others',
} as const

export type Reason = keyof typeof reasons

/**
 * What is wrong with one message. `message` is for people and becomes a header. It names fields, types and sizes, but no
 * value of the event, because values are personal data.
 */
export class InvalidEvent extends Error {
  readonly reason: Reason

  constructor(reason: Reason, message: string) {
    super(message)
    this.name = 'InvalidEvent'
    this.reason = reason
  }
}
