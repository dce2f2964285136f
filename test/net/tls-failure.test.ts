import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { tlsFailure } from '../../src/net/tls-failure.ts'

const settings = { prefix: 'KAFKA', hosts: 'KAFKA_BROKER_SERVERS' } as const

const openssl = (reason: string): string => `80DC:error:0A000412:SSL routines:ssl3_read_bytes:${reason}:../s3.c:1601:`

type Case = [code: string, message: string, says: string]

const cases: Case[] = [
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'unable to verify the first certificate',
    "unable to verify the first certificate; the server's certificate is not signed by a trusted authority: see KAFKA_TLS_CA_FILE",
  ],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    "Hostname/IP does not match certificate's altnames",
    "Hostname/IP does not match certificate's altnames; the certificate is not valid for this name: see KAFKA_BROKER_SERVERS, or add the name to the certificate",
  ],
  [
    'CERT_HAS_EXPIRED',
    'certificate has expired',
    "certificate has expired; renew the server's certificate, or correct the clock",
  ],
  ...[
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'sslv3 alert bad certificate'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tlsv13 alert certificate required'],
    ['EPROTO', 'tlsv1 alert unknown ca'],
  ].map(([code = '', reason = '']): Case => [
    code,
    openssl(reason),
    `${reason}; the server requires a client certificate, or refuses this one: see KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE`,
  ]),
  [
    'EPROTO',
    openssl('wrong version number'),
    'wrong version number; the port does not seem to use TLS: see KAFKA_TLS, and the port with KAFKA_BROKER_SERVERS',
  ],
  ['ERR_SSL_NO_SHARED_CIPHER', openssl('no shared cipher'), 'no shared cipher; see KAFKA_TLS and its files'],
]

describe('an error of TLS', () => {
  for (const [code, message, says] of cases) {
    test(`${code} is reported as "${says}"`, () => assert.equal(tlsFailure({ code, message }, settings), says))
  }

  for (const code of ['ECONNREFUSED', 'ECONNRESET', undefined]) {
    test(`is distinguished from ${code ?? 'one without a code'}`, () => {
      assert.equal(tlsFailure({ code, message: 'the certificate' }, settings), undefined)
    })
  }
})
