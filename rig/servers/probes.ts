import { once } from 'node:events'
import { connect } from 'node:net'
import { Kafka, logLevel } from 'kafkajs'

const patienceMs = 2_000

/**
 * Requests the cluster's metadata from a broker.
 *
 * @throws Error if it does not answer, or does not yet list itself (by its port) as a broker
 */
export const probeKafka = async (host: string, port: number): Promise<void> => {
  const timeouts = { connectionTimeout: patienceMs, requestTimeout: patienceMs }
  const kafka = new Kafka({
    brokers: [`${host}:${port}`],
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
    ...timeouts,
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
    const { brokers } = await admin.describeCluster()
    if (!brokers.some(broker => broker.port === port)) throw new Error('not a broker of the cluster yet')
  } finally {
    await admin.disconnect()
  }
}

// Java's hash of a one-letter name is its code. So there is one group for each of the four partitions of the offsets topic.
const groups = ['a', 'b', 'c', 'd']

/**
 * Requests a group's offsets from each partition of the offsets topic. The first request creates the topic.
 *
 * @throws Error while one of them has no coordinator yet
 */
export const probeCoordinators = async (bootstrap: string): Promise<void> => {
  const brokers = bootstrap.split(',')
  const admin = new Kafka({ brokers, retry: { retries: 0 }, logLevel: logLevel.NOTHING }).admin()
  try {
    await admin.connect()
    // The client sends this only to brokers that it knows from metadata.
    await admin.describeCluster()
    for (const groupId of groups) await admin.fetchOffsets({ groupId, topics: [] })
  } finally {
    await admin.disconnect()
  }
}

// A frame of the native protocol: version 4, no flags, stream 0, opcode, no body. OPTIONS needs no credentials.
const options = Buffer.from([0x04, 0, 0, 0, 0x05, 0, 0, 0, 0])
const supported = 0x06

/**
 * Sends OPTIONS to a CQL port.
 *
 * @throws Error unless the response is SUPPORTED
 */
export const probeCassandra = async (host: string, port: number): Promise<void> => {
  const socket = connect({ host, port })
  socket.setTimeout(patienceMs, () => socket.destroy(new Error('no answer')))
  try {
    socket.write(options)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    if (answer[4] !== supported) throw new Error('not the native protocol')
  } finally {
    socket.destroy()
  }
}
