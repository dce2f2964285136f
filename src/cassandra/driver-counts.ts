import { metrics } from 'cassandra-driver'

/** The kinds of errors that the driver counts. */
export const driverErrors = [
  'authentication',
  'connection',
  'client-timeout',
  'read-timeout',
  'write-timeout',
  'unavailable',
  'other',
] as const

export type DriverError = (typeof driverErrors)[number]

const zeroed = (): Record<DriverError, number> =>
  Object.fromEntries(driverErrors.map(kind => [kind, 0])) as Record<DriverError, number>

// The driver requires instances of this class, which its types declare as an interface.
const Base = (metrics as unknown as { ClientMetrics: new () => metrics.ClientMetrics }).ClientMetrics

/** The driver's metrics as plain numbers. The driver calls these methods, except `sentAgain`. */
export class DriverCounts extends Base {
  responses = 0
  readonly errors = zeroed()
  /** Retries by the driver itself, before we see an error. */
  readonly retries = zeroed()

  /** Requests sent to a second node because the first did not answer in time. */
  speculativeExecutions = 0

  /** A request has been sent to a second node. The driver's own method also counts those for which it finds no node. */
  sentAgain(): void {
    this.speculativeExecutions += 1
  }

  override onResponse(): void {
    this.responses += 1
  }

  override onAuthenticationError(): void {
    this.errors.authentication += 1
  }

  override onConnectionError(): void {
    this.errors.connection += 1
  }

  override onClientTimeoutError(): void {
    this.errors['client-timeout'] += 1
  }

  override onReadTimeoutError(): void {
    this.errors['read-timeout'] += 1
  }

  override onWriteTimeoutError(): void {
    this.errors['write-timeout'] += 1
  }

  override onUnavailableError(): void {
    this.errors.unavailable += 1
  }

  override onOtherError(): void {
    this.errors.other += 1
  }

  override onClientTimeoutRetry(): void {
    this.retries['client-timeout'] += 1
  }

  override onReadTimeoutRetry(): void {
    this.retries['read-timeout'] += 1
  }

  override onWriteTimeoutRetry(): void {
    this.retries['write-timeout'] += 1
  }

  override onUnavailableRetry(): void {
    this.retries.unavailable += 1
  }

  override onOtherErrorRetry(): void {
    this.retries.other += 1
  }
}
