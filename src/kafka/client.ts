import { Kafka, logLevel, type SASLOptions } from 'kafkajs'
import { type KafkaSettings } from '../config/settings.ts'
import { currentLogin, currentPem } from '../net/credentials.ts'
import { knowPartitionsWithoutLeader } from './metadata.ts'
import { restWhileNothingIsPending } from './request-queue.ts'
import { openSocket } from './socket.ts'

/** Receives the client's own log at warning level and above, which has no content of messages. */
export type OnClientLog = (message: string, facts: Record<string, unknown>) => void

// We retry everything ourselves. The client retries only a few times, so that faults are reported soon.
const retry = { initialRetryTime: 100, retries: 3, maxRetryTime: 2000 }

const quoted = (value: unknown): string | undefined => (typeof value === 'string' ? value.slice(0, 300) : undefined)

// The client stores its authenticator in this object (2.2.4, saslAuthenticator), which reads the password at each login.
const loginOf = ({ mechanism, ...login }: KafkaSettings['sasl']): SASLOptions =>
  Object.assign(currentLogin(login), { mechanism }) as SASLOptions

export const kafkaClient = ({ brokers, clientId, tls, sasl }: KafkaSettings, onLog: OnClientLog): Kafka => {
  restWhileNothingIsPending()
  knowPartitionsWithoutLeader()
  return new Kafka({
    brokers: [...brokers],
    clientId,
    ...(tls.enabled ? { ssl: currentPem(tls) } : {}),
    ...(sasl.mechanism === 'none' ? {} : { sasl: loginOf(sasl) }),
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
