interface ConnectError {
  readonly code?: unknown
  readonly address?: string
  readonly port?: number
  readonly message: string
}

const reasonOf = ({ code, address, port, message }: ConnectError): string =>
  typeof code === 'string' && address !== undefined ? `${code} ${address}:${port ?? ''}` : message

/**
 * Adds a message to an error about a name with several addresses: all addresses with their reasons. Node's own message is empty.
 */
export const withReason = (error: unknown): unknown =>
  error instanceof AggregateError && error.message === ''
    ? Object.assign(error, { message: (error.errors as ConnectError[]).map(reasonOf).join(', ') })
    : error
