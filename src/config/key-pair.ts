import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'

const attempt = <T>(make: () => T): T | undefined => {
  try {
    return make()
  } catch {
    return undefined
  }
}

/** What is wrong with a certificate and a private key in PEM format, and with which of them; undefined when they fit. */
export const keyPairFault = (cert: string, key: string): { of: 'cert' | 'key'; why: string } | undefined => {
  if (/^(-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED)/m.test(key)) return { of: 'key', why: 'is encrypted' }
  const certificate = attempt(() => new X509Certificate(cert))
  if (certificate === undefined) return { of: 'cert', why: 'holds no certificate that can be read' }
  const privateKey = attempt((): KeyObject => createPrivateKey(key))
  if (privateKey === undefined) return { of: 'key', why: 'holds no private key that can be read' }
  return certificate.checkPrivateKey(privateKey) ? undefined : { of: 'key', why: 'is the key of another certificate' }
}
