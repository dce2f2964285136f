/**
 * A fault outside the worker: in Kafka, Cassandra, the network, the schema or the credentials. The worker retries forever;
 * a fault never causes a dead letter.
 *
 * - `transient` passes by itself: a timeout, a lost connection, too few replicas.
 * - `misconfigured` has to be fixed by somebody: a missing table or topic, a refused password. `message` says how.
 */
export class Fault extends Error {
  readonly kind: 'transient' | 'misconfigured'

  constructor(kind: Fault['kind'], message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'Fault'
    this.kind = kind
  }
}

/** The server refuses a request because of its content. If the request has several items, halving finds the bad one. */
export class InvalidRequest extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'InvalidRequest'
  }
}
