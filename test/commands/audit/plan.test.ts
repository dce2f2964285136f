import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { planOf, shown } from '../../../src/commands/audit/plan.ts'
import { type PartitionOffsets } from '../../../src/kafka/positions.ts'
import { ran } from '../edge.ts'

const partition = (more: Partial<PartitionOffsets>): PartitionOffsets => ({
  partition: 0,
  low: 0,
  high: 100,
  committed: 90,
  ...more,
})
const offsets = (offset: number) => new Map([[0, offset]])

/** The span as from-to, whether it is whole, and the first obstacle or note. */
const planned = (known: PartitionOffsets, from?: number, to?: number): string => {
  const plan = planOf(
    [known],
    from === undefined ? undefined : offsets(from),
    to === undefined ? undefined : offsets(to),
  )
  const [span] = plan.spans
  return [`${span?.from}-${span?.to}`, plan.isWhole ? 'whole' : 'part', plan.obstacles[0] ?? plan.notes[0] ?? '']
    .join(' ')
    .trim()
}

describe('the range of an audit', () => {
  const cases: readonly (readonly [title: string, planned: string, expected: string])[] = [
    ['is everything that the group has committed', planned(partition({})), '0-90 whole'],
    [
      'starts with what the topic still has',
      planned(partition({ low: 40 })),
      '40-90 part partition 0: events before offset 40 are not audited',
    ],
    [
      'can be given as two offsets',
      planned(partition({}), 10, 20),
      '10-20 part partition 0: events before offset 10 are not audited',
    ],
    [
      'never ends after the committed offset',
      planned(partition({}), 0, 95),
      '0-90 whole partition 0: ends at 90, which the group has committed',
    ],
    [
      'excludes what retention removed',
      planned(partition({ low: 40 }), 30),
      '40-90 part partition 0: retention removed the events from 30 to 39',
    ],
    [
      'is empty without a committed offset',
      planned(partition({ committed: -1 })),
      '0-0 whole partition 0: the group has no committed offset',
    ],
    [
      'is not clear if the topic was recreated',
      planned(partition({ committed: 101 })),
      '0-101 whole partition 0: the group has committed 101, but the topic ends at 100',
    ],
    [
      'is empty if retention has overtaken the group',
      planned(partition({ low: 95 })),
      '95-95 part partition 0: retention removed events that the group had not read',
    ],
    ['can be empty', planned(partition({}), 90), '90-90 part nothing to audit: there is no event in this range'],
    [
      'is empty for an empty topic',
      planned(partition({ high: 0, committed: 0 })),
      '0-0 whole nothing to audit: there is no event in this range',
    ],
  ]
  for (const [title, found, expected] of cases) test(title, () => assert.equal(found, expected))

  test('an empty partition without a committed offset is no obstacle', () => {
    assert.deepEqual(planOf([partition({}), partition({ partition: 1, high: 0, committed: -1 })]).obstacles, [])
  })
  test('partitions are in ascending order', () => {
    const spans = planOf([partition({ partition: 2 }), partition({ partition: 1 })]).spans
    assert.deepEqual(spans.map(span => span.partition), [1, 2]) // prettier-ignore
  })
  test('offsets are printed in the format of --from', () => {
    assert.equal(shown([[0, 5], [12, 90]]), '0:5,12:90') // prettier-ignore
  })
})

describe('the options of audit', () => {
  const refused: readonly (readonly [args: string, why: RegExp])[] = [
    ['--from yesterday', /Use a time such as/],
    ['--from 0:1,x', /Use a time such as/],
    ['--table enrolments', /Use KEYSPACE\.TABLE/],
    ['--sample 0', /whole number of at least 1/],
    ['--resume 7', /two hexadecimal digits/],
    ['--sample 5 --whole-table', /either --sample or --whole-table/],
    ['--resume 7f --whole-table', /cannot be combined with --whole-table/],
    ['--fix --table a.b', /cannot be combined with --table/],
    ['--fix', /use --yes/],
  ]
  for (const [args, why] of refused) {
    test(`rejects ${args}`, async () => {
      const { code, errors } = await ran(['audit', ...args.split(' ')])
      assert.match(errors, why)
      assert.equal(code, 64)
    })
  }

  test('an audit has no verdict if a server does not answer', async () => {
    const env = { KAFKA_BROKER_SERVERS: '127.0.0.1:1' }
    const { code, errors } = await ran(['audit'], { env })
    assert.match(errors, /^cannot tell whether table and topic match: /)
    assert.equal(code, 2)
  })
})
