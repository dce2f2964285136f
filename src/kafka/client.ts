import { Kafka, logLevel, type SASLOptions } from 'kafkajs'
import { type KafkaSettings } from '../config/load.ts'
import { definedOnly } from '../config/tls.ts'
import { restWhileNothingIsPending } from './request-queue.ts'
import { openSocket } from './socket.ts'

/** Told what the client itself logs at warning level and above; it never holds a message's content. */
export type OnClientLog = (message: string, facts: Record<string, unknown>) => void

// Everything is tried again by us; the client's own tries are few, so that a fault is said soon.
const retry = { initialRetryTime: 100, retries: 3, maxRetryTime: 2000 }

const quoted = (value: unknown): string | undefined => (typeof value === 'string' ? value.slice(0, 300) : undefined)

export const kafkaClient = ({ brokers, clientId, tls, sasl }: KafkaSettings, onLog: OnClientLog): Kafka => {
  restWhileNothingIsPending()
  return new Kafka({
    brokers: [...brokers],
    clientId,
    ...(tls === undefined ? {} : { ssl: definedOnly(tls) }),
    // A copy, because the client keeps its authenticator in what it is given (2.2.4, saslAuthenticator), and settings are frozen.
    ...(sasl === undefined ? {} : { sasl: { ...sasl } as SASLOptions }),
    socketFactory: openSocket,
    connectionTimeout: 5000,
    authenticationTimeout: 10_000,
    requestTimeout: 15_000,
    retry,
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ namespace, log }) => {
        onLog(log.message, { namespace, broker: quoted(log['broker']), error: quoted(log['error']) })
      },
  })
}
