import { pbkdf2Sync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'

const alterUserScramCredentials = 51
const iterations = 4096

const mechanisms = [
  { code: 1, hash: 'sha256', bytes: 32 },
  { code: 2, hash: 'sha512', bytes: 64 },
]

const int16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255])
const int32 = (value: number): Buffer => Buffer.concat([int16(value >> 16), int16(value & 0xffff)])
// "Compact" in the protocol guide: one byte with the length plus one, for lengths below 127.
const compact = (content: Buffer): Buffer => Buffer.concat([Buffer.from([content.length + 1]), content])
const noTags = Buffer.from([0])

interface Mechanism {
  readonly code: number
  readonly hash: string
  readonly bytes: number
}

const requestOf = (user: string, password: string, { code, hash, bytes }: Mechanism): Buffer => {
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, iterations, bytes, hash)
  const change = [compact(Buffer.from(user)), Buffer.from([code]), int32(iterations), compact(salt), compact(salted)]
  const header = [int16(alterUserScramCredentials), int16(0), int32(1), int16(-1), noTags]
  // No deletions and one change. Lists also start with their length plus one.
  const request = Buffer.concat([...header, Buffer.from([1, 2]), ...change, noTags, noTags])
  return Buffer.concat([int32(request.length), request])
}

// Length, correlation id, tags, throttle time, count; then for each result name, error code and message.
const resultsAt = 4 + 4 + 1 + 4 + 1

const answerTo = async (host: string, port: number, request: Buffer): Promise<Buffer> => {
  const socket = connect({ host, port })
  try {
    socket.write(request)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    return answer
  } finally {
    socket.destroy()
  }
}

/**
 * Creates a user for SCRAM-SHA-256 and SCRAM-SHA-512 through a plaintext listener (KIP-554). The Kafka client cannot do this,
 * and Kafka's tool for it is not in the jars of the server.
 *
 * @throws Error if the broker refuses
 */
export const makeScramUser = async (
  { host, port }: { readonly host: string; readonly port: number },
  user: string,
  password: string,
): Promise<void> => {
  // A broker accepts only one change of a user in each request.
  for (const mechanism of mechanisms) {
    const answer = await answerTo(host, port, requestOf(user, password, mechanism))
    const code = answer.readInt16BE(resultsAt + 1 + user.length)
    if (code !== 0) throw new Error(`the broker makes no user ${user}: error ${code}`)
  }
}
