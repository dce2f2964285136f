import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type PeerCertificate } from 'node:tls'
import { tlsOptions } from '../../src/cassandra/tls.ts'

const certificateFor = (subjectaltname: string) => ({ subject: {}, subjectaltname }) as unknown as PeerCertificate

const files = { enabled: true, ca: () => 'authorities', cert: undefined, key: undefined }

describe('a certificate of a Cassandra node', () => {
  const options = tlsOptions(files, ['cassandra-1', 'node.db.internal'])

  test('must be signed by a trusted authority, which the driver does not require by default', () => {
    assert.equal(options.rejectUnauthorized, true)
    assert.equal(options.ca, 'authorities')
  })

  const cases: [names: string, passes: boolean][] = [
    ['IP Address:10.0.0.7', true],
    ['DNS:cassandra-1', true],
    ['DNS:elsewhere, DNS:*.db.internal', true],
    ['DNS:elsewhere', false],
    ['IP Address:10.0.0.8', false],
  ]
  for (const [names, passes] of cases) {
    test(`for ${names} ${passes ? 'passes' : 'does not pass'} at 10.0.0.7`, () => {
      const error = options.checkServerIdentity?.('10.0.0.7', certificateFor(names))
      assert.equal(error === undefined, passes)
    })
  }

  test('for another address is reported with the address of the node', () => {
    assert.match(String(options.checkServerIdentity?.('10.0.0.7', certificateFor('DNS:elsewhere'))), /10\.0\.0\.7/)
  })
})
