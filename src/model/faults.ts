/**
 * A fault of the surroundings: Kafka, Cassandra, the network, the schema or the credentials. It is waited out and tried
 * again for ever; it never makes a dead letter.
 *
 * - `transient` passes by itself: a timeout, a lost connection, too few replicas.
 * - `misconfigured` needs a hand: a missing table or topic, a refused password. `message` says what to do.
 */
export class Fault extends Error {
  readonly kind: 'transient' | 'misconfigured'

  constructor(kind: Fault['kind'], message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'Fault'
    this.kind = kind
  }
}

/** The server refuses what it was given for its content. Given several things at once, only halving them tells which. */
export class InvalidRequest extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'InvalidRequest'
  }
}
