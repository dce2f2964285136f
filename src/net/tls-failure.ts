/** As node:tls and the clients on top of it throw it. */
interface SocketError {
  readonly message: string
  readonly code?: unknown
}

/** The settings of one server, as a remedy names them. */
export interface TlsSettings {
  /** Before `_TLS` in the names of its settings. */
  readonly prefix: 'KAFKA' | 'CASSANDRA'
  /** The setting that says where the server is. */
  readonly hosts: string
}

type Remedy = (settings: TlsSettings) => string

/** By code and text, the first that fits: codes alone do not tell, many errors of OpenSSL's are just EPROTO. */
const remedies: readonly (readonly [RegExp, Remedy])[] = [
  [
    /^ERR_TLS_CERT_ALTNAME/,
    ({ hosts }) => `the server must be called as its certificate names it: see ${hosts}, or have the name added`,
  ],
  [/HAS_EXPIRED|NOT_YET_VALID/, () => "the server's certificate must be renewed, or a clock put right"],
  [
    /alert.*(certificate|unknown.ca)/i,
    ({ prefix }) =>
      `the server refuses this worker's certificate or misses it: see ${prefix}_TLS_CERT_FILE and ${prefix}_TLS_KEY_FILE`,
  ],
  [
    /wrong.version.number|packet.length.too.long/i,
    ({ prefix, hosts }) => `the port seems to speak no TLS: see ${prefix}_TLS and the port, with ${hosts}`,
  ],
  [
    /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_)/,
    ({ prefix }) => `the authority of the server's certificate is not trusted: see ${prefix}_TLS_CA_FILE`,
  ],
  [/^(ERR_TLS|ERR_SSL|EPROTO)/, ({ prefix }) => `see ${prefix}_TLS and its files`],
]

/** OpenSSL's own reason out of its line `<thread>:error:<number>:SSL routines:<function>:<reason>:<file>:<line>:...`. */
const reasonOf = (message: string): string => /:error:[^:]*:[^:]*:[^:]*:([^:]+):/.exec(message)?.[1] ?? message

/** What is wrong with TLS and which setting to look at; undefined for an error that is not one of TLS. */
export const tlsFailure = ({ message, code }: SocketError, settings: TlsSettings): string | undefined => {
  if (typeof code !== 'string') return undefined
  const remedy = remedies.find(([pattern]) => pattern.test(`${code} ${message}`))?.[1]
  return remedy && `${reasonOf(message)}; ${remedy(settings)}`
}
