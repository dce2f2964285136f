import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'

const attempt = <T>(make: () => T): T | undefined => {
  try {
    return make()
  } catch {
    return undefined
  }
}

/** The fault of a certificate or its private key, in PEM format; undefined if they match. */
export const keyPairFault = (cert: string, key: string): { of: 'cert' | 'key'; why: string } | undefined => {
  if (/^(-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED)/m.test(key)) return { of: 'key', why: 'is encrypted' }
  const certificate = attempt(() => new X509Certificate(cert))
  if (certificate === undefined) return { of: 'cert', why: 'contains no valid certificate' }
  const privateKey = attempt((): KeyObject => createPrivateKey(key))
  if (privateKey === undefined) return { of: 'key', why: 'contains no valid private key' }
  return certificate.checkPrivateKey(privateKey) ? undefined : { of: 'key', why: 'is the key of another certificate' }
}
