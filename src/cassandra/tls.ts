import { checkServerIdentity, type ConnectionOptions, type PeerCertificate } from 'node:tls'
import { type Tls } from '../config/tls-settings.ts'
import { currentPem } from '../net/credentials.ts'

/**
 * How to speak TLS to the nodes. The driver by itself takes any certificate; here it must be of a trusted authority,
 * and for the node's address or for one of the names in `hosts`: the driver connects to addresses only, those of the
 * other nodes as the cluster tells them, and certificates seldom have addresses.
 */
export const tlsOptions = (tls: Tls, hosts: readonly string[]): ConnectionOptions =>
  Object.assign(currentPem(tls), {
    rejectUnauthorized: true,
    checkServerIdentity: (address: string, certificate: PeerCertificate) => {
      const errors = [address, ...hosts].map(name => checkServerIdentity(name, certificate))
      return errors.includes(undefined) ? undefined : errors[0]
    },
  })
