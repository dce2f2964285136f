import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leaks } from '../../rig/faults/leaks.ts'
import { marker } from '../../rig/faults/load.ts'

const clean = { output: '{"message":"rates"}\n', served: new Map([['metrics', 'records_total 1\n']]) }
const headers = (value: string) => ({ headers: new Map([['reason', value]]) })

test('nothing is found without personal data', () => {
  assert.deepEqual(leaks([clean], [headers('missing-field')]), [])
})

test('personal data is seen in output, on every page, and in headers', () => {
  const workers = [
    clean,
    { ...clean, output: `Error: ${marker}\n` },
    { ...clean, served: new Map([['metrics', `records_total{user="1-${marker}"} 1\n`]]) },
  ]
  assert.deepEqual(leaks(workers, [headers(`not a date: ${marker}`)]), [
    'output of worker 2',
    'metrics of worker 3',
    'headers of dead letter 1',
  ])
})
