import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type KafkaCluster, startKafka } from '../../rig/servers/kafka.ts'
import { freePort } from '../../rig/servers/ports.ts'
import { createTopics } from '../../rig/servers/topics.ts'
import { command } from './command.ts'

let cluster: KafkaCluster
let outside: number
let advertised: number
before(async () => {
  outside = await freePort()
  advertised = await freePort()
  cluster = await startKafka({
    settings: ({ host, port, controllerPort }) => ({
      listeners: `PLAINTEXT://${host}:${port},OUTSIDE://${host}:${outside},CONTROLLER://${host}:${controllerPort}`,
      'advertised.listeners': `PLAINTEXT://${host}:${port},OUTSIDE://${host}:${advertised}`,
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,OUTSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT',
      'inter.broker.listener.name': 'PLAINTEXT',
    }),
  })
  await createTopics(cluster.bootstrap, { 'local.programuser.info': 1 })
})
after(() => cluster.stop())

test('an unreachable advertised address is reported together with the configured one', async () => {
  const nowhere = { ML_CASSANDRA_HOST: '127.0.0.1', ML_CASSANDRA_PORT: '1' }
  const check = await command({ ...nowhere, KAFKA_BROKER_SERVERS: `127.0.0.1:${outside}` }, 'check')
  assert.equal(check.code, 1)
  const says = `the brokers advertise 127.0.0.1:${advertised}, which this worker cannot reach, while KAFKA_BROKER_SERVERS is 127.0.0.1:${outside}: see advertised.listeners`
  assert.ok(check.output.includes(says), check.output)
})
