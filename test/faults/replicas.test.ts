import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fold, keyOf } from '../../rig/faults/fold.ts'
import { fateHeader } from '../../rig/faults/load.ts'
import { metricIn } from '../../rig/faults/metrics-reader.ts'
import { belowQuorum, judgeRows } from '../../rig/faults/oracle.ts'

const event = (userId: string, programName: string) => ({
  partition: 0,
  offset: 0,
  key: Buffer.alloc(0),
  value: Buffer.from(
    JSON.stringify({ programId: 'p', userId, programName, createdAt: '2026-01-01T00', updatedAt: '2026-01-01T00' }),
  ),
  headers: new Map([[fateHeader, 'row']]),
})

const older = fold([event('u', 'version 1'), event('v', 'version 1')])
const topic = [event('u', 'version 1'), event('v', 'version 1'), event('u', 'version 2')]
const whole = fold(topic)

test('a row must be on a quorum of the replicas, in the version read last', () => {
  assert.deepEqual(belowQuorum(topic, [whole, whole, new Map()]), [])
  assert.deepEqual(belowQuorum(topic, [whole, older, older]), [keyOf('p', 'u')])
  assert.deepEqual(belowQuorum(topic, [whole, new Map(), new Map()]), [keyOf('p', 'u'), keyOf('p', 'v')])
})

test('the rows of one replica are lost or wrong', () => {
  assert.deepEqual(judgeRows({ topic, table: whole }), { lost: 0, wrong: 0, examples: [] })
  const { lost, wrong } = judgeRows({ topic, table: new Map([...older].filter(([key]) => key === keyOf('p', 'u'))) })
  assert.deepEqual({ lost, wrong }, { lost: 1, wrong: 1 })
})

test('a metric is summed over the samples with these labels', () => {
  const text = [
    '# TYPE sunbird_streams_retries_total counter',
    'sunbird_streams_retries_total{step="write",kind="transient",stream="s"} 2',
    'sunbird_streams_retries_total{step="write",kind="misconfigured",stream="s"} 3',
    'sunbird_streams_retries_total{step="consume",kind="transient",stream="s"} 7',
  ].join('\n')
  assert.equal(metricIn(text, 'retries_total'), 12)
  assert.equal(metricIn(text, 'retries_total', 'step="write"'), 5)
  assert.equal(metricIn(text, 'retries'), 0)
})
