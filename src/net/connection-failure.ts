interface ConnectError {
  readonly code?: unknown
  readonly address?: string
  readonly port?: number
  readonly message: string
}

const reasonOf = ({ code, address, port, message }: ConnectError): string =>
  typeof code === 'string' && address !== undefined ? `${code} ${address}:${port ?? ''}` : message

/**
 * The error with a message. A name with several addresses is tried at each, and Node's error about that has an empty
 * message of its own: here it says every address with its reason.
 */
export const withReason = (error: unknown): unknown =>
  error instanceof AggregateError && error.message === ''
    ? Object.assign(error, { message: (error.errors as ConnectError[]).map(reasonOf).join(', ') })
    : error
