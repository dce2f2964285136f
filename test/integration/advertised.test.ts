import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { borrowKafka } from '../../rig/servers/borrow.ts'
import { newestKafka } from '../../rig/servers/kafka.ts'
import { createTopics } from '../../rig/servers/topics.ts'
import { command } from './command.ts'

let kafka: Awaited<ReturnType<typeof borrowKafka>>
before(async () => {
  kafka = await borrowKafka(newestKafka)
  await createTopics(kafka.bootstrap, { 'local.programuser.info': 1 })
})
after(() => kafka.giveBack())

test('an unreachable advertised address is reported together with the configured one', async () => {
  const { bootstrap, advertised } = kafka.misleading
  const nowhere = { ML_CASSANDRA_HOST: '127.0.0.1', ML_CASSANDRA_PORT: '1' }
  const check = await command({ ...nowhere, KAFKA_BROKER_SERVERS: bootstrap }, 'check')
  assert.equal(check.code, 1)
  const says = `the brokers advertise ${advertised}, which this worker cannot reach, while KAFKA_BROKER_SERVERS is ${bootstrap}: see advertised.listeners`
  assert.ok(check.output.includes(says), check.output)
})
