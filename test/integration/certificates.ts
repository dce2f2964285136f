import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** A certificate and its private key in PEM format. */
export interface Identity {
  readonly cert: string
  readonly key: string
}

export interface Authority {
  /** Its own certificate. Whoever trusts it trusts all certificates that it issues. */
  readonly ca: string
  /** A certificate for these host names and IPv4 addresses, for servers and clients. */
  issue(commonName: string, ...hosts: string[]): Identity
  /** The same, but expired since yesterday. */
  issueExpired(commonName: string, ...hosts: string[]): Identity
}

// DER (X.690, section 8): tag, length, content.
const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts)
  const size = content.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts)
const bits = (content: Buffer): Buffer => der(0x03, Buffer.from([0]), content)
const octets = (content: Buffer): Buffer => der(0x04, content)
const objectId = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))
const yes = der(0x01, Buffer.from([0xff]))
const time = (at: Date): Buffer => der(0x18, Buffer.from(at.toISOString().replace(/[-:T]|\.\d+/g, '')))

const commonNameId = objectId('550403')
const basicConstraints = objectId('551d13')
const subjectAltName = objectId('551d11')
const ecdsaWithSha256 = sequence(objectId('2a8648ce3d040302'))
const dayMs = 86_400_000

const named = (commonName: string): Buffer =>
  sequence(der(0x31, sequence(commonNameId, der(0x0c, Buffer.from(commonName)))))

const altName = (host: string): Buffer =>
  /^[\d.]+$/.test(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host))

const pem = (content: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${content.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`

interface Issuer {
  readonly name: string
  readonly privateKey: KeyObject
}

/** X.509 version 3 (RFC 5280, section 4.1), valid for two days, which end the given number of days from now. */
const certificate = (
  subject: string,
  publicKey: KeyObject,
  issuer: Issuer,
  extension: Buffer,
  days: number,
): string => {
  const until = Date.now() + days * dayMs
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1]), randomBytes(8)),
    ecdsaWithSha256,
    named(issuer.name),
    sequence(time(new Date(until - 2 * dayMs)), time(new Date(until))),
    named(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension)),
  )
  return pem(sequence(content, ecdsaWithSha256, bits(sign('sha256', content, issuer.privateKey))))
}

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** A certificate authority for tests. Node cannot create certificates, and openssl may not be installed. */
export const newAuthority = (name: string): Authority => {
  const { publicKey, privateKey } = newKeys()
  const issuer = { name, privateKey }
  const mayIssue = sequence(basicConstraints, yes, octets(sequence(yes)))
  const issueFor = (days: number, commonName: string, hosts: readonly string[]): Identity => {
    const own = newKeys()
    const names = sequence(subjectAltName, octets(sequence(...hosts.map(altName))))
    return {
      cert: certificate(commonName, own.publicKey, issuer, names, days),
      key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    }
  }
  return {
    ca: certificate(name, publicKey, issuer, mayIssue, 1),
    issue: (commonName, ...hosts) => issueFor(1, commonName, hosts),
    issueExpired: (commonName, ...hosts) => issueFor(-1, commonName, hosts),
  }
}
