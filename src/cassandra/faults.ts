import { errors } from 'cassandra-driver'
import { Fault, InvalidRequest } from '../model/faults.ts'
import { tlsFailure, type TlsSettings } from '../net/tls-failure.ts'

/** Native protocol v4, section 9: the codes an ERROR response may carry. */
const transient: Readonly<Record<number, string>> = {
  0x0000: 'the server had an error of its own',
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
  0x0100: 'user or password is refused: see CASSANDRA_USERNAME and CASSANDRA_PASSWORD',
  0x2000: 'the server does not understand the statement: see which version of Cassandra it is',
  0x2100: 'the user may not do this: GRANT SELECT, MODIFY on the table to it',
  0x2300: 'the server has a configuration error',
}

const invalid = 0x2200

// The same code stands for a refused row and for a statement that does not fit the schema. A server that is about to
// take a schema change may answer so although its system tables have the change already (seen with 3.11).
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
    return new Fault('misconfigured', `the table is not as it should be: ${withoutValues(message)}`, error)
  }
  return aboutServer.test(message)
    ? new Fault('misconfigured', `the server refuses to write: ${withoutValues(message)}`, error)
    : new InvalidRequest(shown.test(message) ? withoutValues(message) : unshown, error)
}

// Guardrails (4.1 and later) are the operator's own limits. Those here look at a row's values, all others at the request.
const aboutServer =
  /^Guardrail (?!column_value_size|collection_size|items_per_collection|vector_dimensions)\w+ violated: /

// Texts that hold names and sizes only, by Cassandra's sources. Any other could quote a value of the row.
const shown =
  /^(Guardrail \w+ violated: |Key length of \d+ |Key may not be empty|Cannot index value of size \d+ |The sum of all clustering columns is too long|Batch too large|Invalid (empty or )?null value )/
const unshown = 'the server calls the request invalid (0x2200); its text is left out, because it could hold values'

// Guardrails put names in quotes, others values.
const withoutValues = (message: string): string => message.replace(/"[^"]*"|'[^']*'/g, '...').slice(0, 200)

const settings: TlsSettings = { prefix: 'CASSANDRA', hosts: 'ML_CASSANDRA_HOST' }

// Also what a port for TLS does to those who speak none.
const isCutOff = (error: Error & { code?: unknown }): boolean => error.code === 'ECONNRESET'

const unprepared = 0x2500

const noHost = ({ innerErrors, message }: NoHost): Fault => {
  const inner = Object.entries(innerErrors)
  // The driver prepares a forgotten statement again; what it cannot prepare is for a table that is not there.
  const gone = inner.find(([, error]) => error instanceof errors.ResponseError && error.code === unprepared)
  if (gone !== undefined) return new Fault('misconfigured', 'the server cannot prepare the statement again', gone[1])
  const refusal = inner.find(([, error]) => error instanceof errors.AuthenticationError)
  if (refusal !== undefined) return new Fault('misconfigured', misconfigured[0x0100] ?? '', refusal[1])
  for (const [host, error] of inner) {
    const failure = tlsFailure(error, settings)
    if (failure !== undefined) return new Fault('misconfigured', `TLS to ${host} fails: ${failure}`, error)
  }
  const why = inner.map(([host, error]) => `${host}: ${error.message}`).join('; ')
  const hint = inner.some(([, error]) => isCutOff(error)) ? '; if this lasts, see CASSANDRA_TLS' : ''
  return new Fault('transient', `no host answers${why === '' ? '' : ` (${why})`}${hint}`, new Error(message))
}

/**
 * The driver's errors as ours. This is the only place that reads them; what is not an error of the driver's, or has a
 * code that no server should send, is a bug and given back as it is.
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
