import { type Current, flag, pemFile } from './define.ts'

/** TLS to one kind of server. Files that are not given are left out. */
export interface Tls {
  readonly enabled: boolean
  readonly ca: Current | undefined
  readonly cert: Current | undefined
  readonly key: Current | undefined
}

/**
 * @param prefix before `_TLS` in the variables
 * @param servers such as `the brokers`
 * @param folder where the examples lie
 */
export const tlsSettings = (prefix: string, servers: string, folder: string) => ({
  enabled: flag(`${prefix}_TLS`, { help: `Whether to use TLS to ${servers}.` }),
  ca: pemFile(`${prefix}_TLS_CA_FILE`, {
    example: `${folder}/ca.crt`,
    help: `The CA certificates to verify ${servers} with, instead of those that come with Node.`,
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
