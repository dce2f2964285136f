import { checkServerIdentity, type ConnectionOptions, type PeerCertificate } from 'node:tls'
import { type Tls } from '../config/tls-settings.ts'
import { currentPem } from '../net/credentials.ts'

/**
 * The TLS options for the nodes. By default the driver accepts any certificate. Here it must be signed by a trusted authority, for
 * the node's address or one of the names in `hosts`: the driver connects to addresses, which certificates seldom contain.
 */
export const tlsOptions = (tls: Tls, hosts: readonly string[]): ConnectionOptions =>
  Object.assign(currentPem(tls), {
    rejectUnauthorized: true,
    checkServerIdentity: (address: string, certificate: PeerCertificate) => {
      const errors = [address, ...hosts].map(name => checkServerIdentity(name, certificate))
      return errors.includes(undefined) ? undefined : errors[0]
    },
  })
