import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { InvalidEvent } from '../../src/stream/invalid-event.ts'
import stream from '../../streams/program-user-info/stream.ts'
import { changeOf, type EnrolmentRow, rowOf, rowOfBytes } from './enrolments.ts'

const names = [
  ...['programId', 'userId', 'programExternalId', 'programName', 'requestForPIIConsent', 'createdAt', 'updatedAt'],
  ...[
    'userProfile',
    'rootOrg',
    'orgName',
    'profileUserTypes',
    'userLocations',
    'type',
    'subType',
    'id',
    'name',
    'code',
  ],
  ...['$date', '$numberLong', '__proto__', 'constructor', 'toString'],
]
const name = fc.constantFrom(...names)

/** Any JSON, with the contract's field names at any depth. */
const { json } = fc.letrec<{ json: unknown }>(tie => ({
  json: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.oneof(fc.string({ unit: 'binary' }), fc.double({ noNaN: true }), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(name, fc.string()), tie('json'), { maxKeys: 8 }),
  ),
}))

const location = { type: 'state', id: 'a1', name: 'Eastland', code: '21' }
const full = {
  programId: 'p1',
  userId: 'u1',
  programExternalId: 'PGM-7',
  programName: 'Read Together',
  requestForPIIConsent: true,
  createdAt: '2023-07-27T04:12:18.511Z',
  updatedAt: { $date: { $numberLong: '1690431138511' } },
  userProfile: {
    rootOrg: { id: 'o1', orgName: 'East' },
    profileUserTypes: [{ type: 'teacher', subType: 'hm' }, null, { type: 'other', subType: 'crp' }],
    userLocations: [location, null, location],
  },
}

type Path = readonly string[]

/** Every path in a JSON value, including the value itself. */
const placesOf = (value: unknown, path: Path = []): Path[] => [
  path,
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...path, key]))
    : []),
]

const replaced = (value: unknown, [key, ...rest]: Path, by: unknown): unknown => {
  if (key === undefined) return by
  const inner = replaced((value as Record<string, unknown>)[key], rest, by)
  return Array.isArray(value) ? value.with(Number(key), inner) : { ...(value as object), [key]: inner }
}

const mutations = fc.array(fc.tuple(fc.constantFrom(...placesOf(full)), json), { minLength: 1, maxLength: 3 })

/** The valid event with some of its values, at any depth, replaced by any JSON. */
const mutated = mutations.map(changes =>
  changes.reduce<unknown>((event, [path, by]) => {
    const stillThere = placesOf(event).some(place => place.join('\0') === path.join('\0'))
    return stillThere ? replaced(event, path, by) : event
  }, full),
)

const outcomeOf = (step: () => EnrolmentRow): EnrolmentRow | InvalidEvent => {
  try {
    return step()
  } catch (error) {
    if (error instanceof InvalidEvent) return error
    throw error
  }
}

const isText = (value: unknown) => typeof value === 'string' && value !== ''

const assertKeepsTheTable = (row: EnrolmentRow) => {
  assert.ok(isText(row.program_id) && isText(row.user_id))
  assert.equal(typeof row.pii_consent_required, 'boolean')
  assert.ok(Number.isInteger(row.created_at) && Number.isInteger(row.updated_at))
  for (const [column, value] of Object.entries(row)) {
    const type = stream.table.columns[column as keyof EnrolmentRow]
    if (type === 'text') assert.ok(value === null || isText(value), column)
    assert.notEqual(value, undefined, column)
  }
  for (const [key, value] of row.user_locations ?? []) assert.ok(/_(id|name|code)$/.test(key) && isText(value))
}

describe('whatever the JSON', () => {
  test('an event gives a row for the table, or an InvalidEvent, but no other error', () => {
    fc.assert(
      fc.property(fc.oneof(json, mutated), event => {
        const outcome = outcomeOf(() => rowOf(event))
        if (!(outcome instanceof InvalidEvent)) assertKeepsTheTable(outcome)
      }),
      { numRuns: 3000 },
    )
  })

  test('any bytes are JSON or an InvalidEvent', () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.json().map(text => new TextEncoder().encode(text)),
    )
    fc.assert(
      fc.property(bytes, value => {
        outcomeOf(() => rowOfBytes(Buffer.from(value)))
      }),
      { numRuns: 1000 },
    )
  })

  test('a column is left out exactly when its part of the profile is absent', () => {
    const organisation = fc.option(fc.record({ id: fc.string(), orgName: fc.integer() }, { requiredKeys: [] }))
    const types = fc.option(fc.array(fc.option(fc.record({ type: fc.string() }))))
    const locations = fc.option(fc.array(fc.option(fc.record({ type: fc.string(), id: fc.string() }))))
    const profile = fc.record({ rootOrg: organisation, profileUserTypes: types, userLocations: locations })
    fc.assert(
      fc.property(profile, userProfile => {
        const row = outcomeOf(() => rowOf({ ...full, userProfile }))
        assert.equal('organisation_id' in row && 'organisation_name' in row, userProfile.rootOrg !== null)
        assert.equal('user_type' in row && 'user_sub_type' in row, userProfile.profileUserTypes !== null)
        assert.equal('user_locations' in row, userProfile.userLocations !== null)
      }),
    )
  })
})

describe('whatever is wrong', () => {
  const planted = 'Zqxj-4471'
  const number = 44714471.4471

  test('no message contains a value, or an unknown field name', () => {
    const values = fc.constantFrom<unknown>(planted, number, [planted], { [planted]: number }, [{ [planted]: planted }])
    const places = fc.constantFrom(...placesOf(full))
    fc.assert(
      fc.property(places, values, (path, by) => {
        const outcome = outcomeOf(() => rowOf(replaced(full, path, by)))
        if (outcome instanceof InvalidEvent) assert.doesNotMatch(outcome.message, /Zqxj|4471/)
      }),
      { numRuns: 500 },
    )
  })

  test('no message quotes a value that is not JSON', () => {
    const text = JSON.stringify({ ...full, programName: planted, userId: number })
    fc.assert(
      fc.property(fc.nat(text.length), fc.string(), (cut, inserted) => {
        const value = Buffer.from(`${text.slice(0, cut)}${inserted}${planted}${text.slice(cut)}`)
        const outcome = outcomeOf(() => rowOfBytes(value))
        if (outcome instanceof InvalidEvent) assert.doesNotMatch(outcome.message, /Zqxj|4471/)
      }),
      { numRuns: 500 },
    )
  })
})

test('a printed instant is read back, with any offset', () => {
  const dates = fc.date({ min: new Date('0001-01-02T00:00Z'), max: new Date('9999-12-30T00:00Z'), noInvalidDate: true })
  const offset = fc.record({ sign: fc.constantFrom(1, -1), hours: fc.nat(23), minutes: fc.nat(59) })
  fc.assert(
    fc.property(dates, offset, (date, { sign, hours, minutes }) => {
      const local = new Date(date.getTime() + sign * (hours * 60 + minutes) * 60_000).toISOString().slice(0, -1)
      const two = (n: number) => String(n).padStart(2, '0')
      const updatedAt = `${local}${sign > 0 ? '+' : '-'}${two(hours)}:${two(minutes)}`
      assert.equal(changeOf({ ...full, updatedAt }).eventTime, date.getTime())
    }),
    { numRuns: 500 },
  )
})
