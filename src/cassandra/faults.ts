import { errors } from 'cassandra-driver'
import { Fault, InvalidRequest } from '../model/faults.ts'
import { tlsFailure, type TlsSettings } from '../net/tls-failure.ts'

/** Error codes of the native protocol v4, section 9. */
const transient: Readonly<Record<number, string>> = {
  0x0000: 'internal error of the server',
  0x1000: 'not enough replicas are alive',
  0x1001: 'the server is overloaded',
  0x1002: 'the server is starting',
  0x1003: 'a truncation failed',
  0x1100: 'not enough replicas answered in time',
  0x1200: 'not enough replicas answered in time',
  0x1300: 'a replica failed to read',
  0x1500: 'a replica failed to write',
  0x2500: 'the server does not know the prepared statement yet',
}

const misconfigured: Readonly<Record<number, string>> = {
  0x0100: 'wrong user or password: see CASSANDRA_USERNAME and CASSANDRA_PASSWORD',
  0x2000: 'the server does not understand the statement: check the version of Cassandra',
  0x2100: 'missing permission: GRANT SELECT and MODIFY on the table to the user',
  0x2300: 'the server has a configuration error',
}

const invalid = 0x2200

// The same code is used for a refused row and for a statement that does not match the schema. During a schema change a server
// may respond so although its system tables already have the change (seen with 3.11).
const aboutSchema =
  /undefined column|unknown (column|identifier)|unconfigured (table|columnfamily)|(keyspace|table) .*does not exist/i

interface NoHost extends Error {
  readonly innerErrors: Readonly<Record<string, Error>>
}

const byCode = (error: errors.ResponseError): Fault | InvalidRequest | undefined => {
  const { code, message } = error
  const passing = transient[code]
  if (passing !== undefined) return new Fault('transient', `${passing} (0x${code.toString(16)})`, error)
  const lasting = misconfigured[code]
  if (lasting !== undefined) return new Fault('misconfigured', lasting, error)
  if (code !== invalid) return undefined
  if (aboutSchema.test(message)) {
    return new Fault('misconfigured', `the table does not match the stream: ${withoutValues(message)}`, error)
  }
  return aboutServer.test(message)
    ? new Fault('misconfigured', `the server refuses to write: ${withoutValues(message)}`, error)
    : new InvalidRequest(shown.test(message) ? withoutValues(message) : unshown, error)
}

// Guardrails (4.1 and later) are limits set by the operator. These concern the values of a row, all others the request.
const aboutServer =
  /^Guardrail (?!column_value_size|collection_size|items_per_collection|vector_dimensions)\w+ violated: /

// Texts with only names and sizes, according to Cassandra's sources. Any other text could quote a value of the row.
const shown =
  /^(Guardrail \w+ violated: |Key length of \d+ |Key may not be empty|Cannot index value of size \d+ |The sum of all clustering columns is too long|Batch too large|Invalid (empty or )?null value )/
const unshown =
  'the server refuses the request as invalid (0x2200); its message is not shown, because it could contain values'

// Guardrails quote names, other messages quote values.
const withoutValues = (message: string): string => message.replace(/"[^"]*"|'[^']*'/g, '...').slice(0, 200)

const settings: TlsSettings = { prefix: 'CASSANDRA', hosts: 'ML_CASSANDRA_HOST' }

// A port that expects TLS does this too.
const isCutOff = (error: Error & { code?: unknown }): boolean => error.code === 'ECONNRESET'

const unprepared = 0x2500

const noHost = ({ innerErrors, message }: NoHost): Fault => {
  const inner = Object.entries(innerErrors)
  // The driver prepares forgotten statements again. If that fails, the table does not exist.
  const gone = inner.find(([, error]) => error instanceof errors.ResponseError && error.code === unprepared)
  if (gone !== undefined) return new Fault('misconfigured', 'the server cannot prepare the statement again', gone[1])
  const login = inner.find(([, error]) => error instanceof errors.AuthenticationError)
  if (login !== undefined) return new Fault('misconfigured', misconfigured[0x0100] ?? '', login[1])
  for (const [host, error] of inner) {
    const failure = tlsFailure(error, settings)
    if (failure !== undefined) return new Fault('misconfigured', `TLS to ${host} fails: ${failure}`, error)
  }
  // The driver tries another node after some responses. What a node responded says more than that the others are down.
  for (const [, error] of inner) {
    const fault = error instanceof errors.ResponseError ? byCode(error) : undefined
    if (fault instanceof Fault) return fault
  }
  const why = inner.map(([host, error]) => `${host}: ${error.message}`).join('; ')
  const hint = inner.some(([, error]) => isCutOff(error)) ? '; if this lasts, see CASSANDRA_TLS' : ''
  return new Fault('transient', `no node answers${why === '' ? '' : ` (${why})`}${hint}`, new Error(message))
}

/**
 * Turns the driver's errors into ours. Only this function reads them. Any other error, or a code that no server should send, is a
 * bug and returned unchanged.
 */
export const faultOf = (error: unknown): unknown => {
  if (error instanceof errors.NoHostAvailableError) return noHost(error)
  if (error instanceof errors.ResponseError) return byCode(error) ?? error
  if (error instanceof errors.AuthenticationError) return new Fault('misconfigured', misconfigured[0x0100] ?? '', error)
  if (error instanceof errors.ArgumentError) return new Fault('misconfigured', error.message, error)
  if (error instanceof errors.OperationTimedOutError || error instanceof errors.BusyConnectionError) {
    return new Fault('transient', error.message, error)
  }
  if (error instanceof errors.DriverInternalError || error instanceof errors.NotSupportedError) return error
  if (error instanceof errors.DriverError) return new Fault('transient', error.message, error)
  return error
}
