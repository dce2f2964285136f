/** An error of node:tls, or of a client that uses it. */
interface SocketError {
  readonly message: string
  readonly code?: unknown
}

/** The settings of one server, for the texts below. */
export interface TlsSettings {
  /** The prefix before `_TLS` in the names of the settings. */
  readonly prefix: 'KAFKA' | 'CASSANDRA'
  /** The setting with the addresses of the server. */
  readonly hosts: string
}

type Remedy = (settings: TlsSettings) => string

/** The first match of code and text counts. The code is not enough, because many errors of OpenSSL are EPROTO. */
const remedies: readonly (readonly [RegExp, Remedy])[] = [
  [
    /^ERR_TLS_CERT_ALTNAME/,
    ({ hosts }) => `the certificate is not valid for this name: see ${hosts}, or add the name to the certificate`,
  ],
  [/HAS_EXPIRED|NOT_YET_VALID/, () => "renew the server's certificate, or correct the clock"],
  [
    /alert.*(certificate|unknown.ca)/i,
    ({ prefix }) =>
      `the server requires a client certificate, or refuses this one: see ${prefix}_TLS_CERT_FILE and ${prefix}_TLS_KEY_FILE`,
  ],
  [
    /wrong.version.number|packet.length.too.long/i,
    ({ prefix, hosts }) => `the port does not seem to use TLS: see ${prefix}_TLS, and the port with ${hosts}`,
  ],
  [
    /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_)/,
    ({ prefix }) => `the server's certificate is not signed by a trusted authority: see ${prefix}_TLS_CA_FILE`,
  ],
  [/^(ERR_TLS|ERR_SSL|EPROTO)/, ({ prefix }) => `see ${prefix}_TLS and its files`],
]

/** OpenSSL's reason in its message `<thread>:error:<number>:SSL routines:<function>:<reason>:<file>:<line>:...`. */
const reasonOf = (message: string): string => /:error:[^:]*:[^:]*:[^:]*:([^:]+):/.exec(message)?.[1] ?? message

/** The TLS error and the setting to check; undefined if it is not a TLS error. */
export const tlsFailure = ({ message, code }: SocketError, settings: TlsSettings): string | undefined => {
  if (typeof code !== 'string') return undefined
  const remedy = remedies.find(([pattern]) => pattern.test(`${code} ${message}`))?.[1]
  return remedy && `${reasonOf(message)}; ${remedy(settings)}`
}
