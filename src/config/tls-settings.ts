import { type Current, flag, pemFile } from './define.ts'

/** TLS settings for one kind of server. */
export interface Tls {
  readonly enabled: boolean
  readonly ca: Current | undefined
  readonly cert: Current | undefined
  readonly key: Current | undefined
}

/**
 * @param prefix the prefix before `_TLS` in the variables
 * @param servers for example `the brokers`
 * @param folder the folder of the examples
 */
export const tlsSettings = (prefix: string, servers: string, folder: string) => ({
  enabled: flag(`${prefix}_TLS`, { help: `Whether to use TLS to ${servers}.` }),
  ca: pemFile(`${prefix}_TLS_CA_FILE`, {
    example: `${folder}/ca.crt`,
    help: `The CA certificates to verify ${servers}, instead of those of Node.`,
  }),
  cert: pemFile(`${prefix}_TLS_CERT_FILE`, {
    example: `${folder}/tls.crt`,
    help: `The client certificate that this worker presents to ${servers}.`,
  }),
  key: pemFile(`${prefix}_TLS_KEY_FILE`, {
    example: `${folder}/tls.key`,
    help: 'The private key of the client certificate, not encrypted.',
  }),
})
