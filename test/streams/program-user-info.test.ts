import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import stream from '../../streams/program-user-info/stream.ts'
import { rejects } from '../rejects.ts'
import { changeOf, changeOfBytes, type EnrolmentRow, profileRow, rowOf, rowOfBytes, valid } from './enrolments.ts'

const shown = (value: unknown) => (value === undefined ? 'missing' : JSON.stringify(value))

describe('an event becomes a row', () => {
  test('with only its keys, a consent of false and its dates', () => {
    assert.deepEqual(rowOf(valid), {
      program_id: 'p1',
      user_id: 'u1',
      program_externalid: null,
      program_name: null,
      pii_consent_required: false,
      created_at: 19565,
      updated_at: 19566,
    })
  })

  test('with its columns in the order of the table', () => {
    const userProfile = { rootOrg: {}, profileUserTypes: [], userLocations: [] }
    assert.deepEqual(Object.keys(rowOf({ ...valid, userProfile })), Object.keys(stream.table.columns))
  })

  test('with any other fields', () => {
    assert.deepEqual(rowOf({ ...valid, deleted: {}, __v: 0, roles: [1], userRoleInformation: 'x' }), rowOf(valid))
  })

  test('with updatedAt as its time, in milliseconds', () => {
    assert.equal(changeOf(valid).eventTime, Date.UTC(2023, 6, 28, 4, 12, 18, 511))
  })
})

describe('columns of the enrolment itself', () => {
  const rules: [field: string, value: unknown, column: keyof EnrolmentRow, expected: unknown][] = [
    ['programId', ' p ', 'program_id', ' p '],
    ['programId', ' ', 'program_id', ' '],
    ['userId', 'ü\u0000😀', 'user_id', 'ü\u0000😀'],
    ['userId', '\t', 'user_id', '\t'],
    ['programExternalId', ' PGM-7 ', 'program_externalid', ' PGM-7 '],
    ['programExternalId', ' ', 'program_externalid', ' '],
    ['programExternalId', '', 'program_externalid', null],
    ['programExternalId', null, 'program_externalid', null],
    ['programName', 'Read', 'program_name', 'Read'],
    ['programName', '', 'program_name', null],
    ['programName', null, 'program_name', null],
    ['requestForPIIConsent', true, 'pii_consent_required', true],
    ['requestForPIIConsent', false, 'pii_consent_required', false],
    ['requestForPIIConsent', null, 'pii_consent_required', false],
  ]
  for (const [field, value, column, expected] of rules) {
    test(`${field} ${JSON.stringify(value)} gives ${column} ${JSON.stringify(expected)}`, () => {
      assert.equal(rowOf({ ...valid, [field]: value })[column], expected)
    })
  }

  const missing: [field: string, value: unknown, message: string][] = [
    ['programId', undefined, 'programId: absent, but part of the primary key'],
    ['programId', null, 'programId: absent, but part of the primary key'],
    ['programId', '', 'programId: empty, but part of the primary key'],
    ['userId', undefined, 'userId: absent, but part of the primary key'],
    ['userId', null, 'userId: absent, but part of the primary key'],
    ['userId', '', 'userId: empty, but part of the primary key'],
  ]
  for (const [field, value, message] of missing) {
    test(`without its key it is a dead letter: ${field} ${shown(value)}`, () => {
      rejects(() => rowOf({ ...valid, [field]: value }), 'missing-key', message)
    })
  }
})

describe('the organisation', () => {
  const rules: [rootOrg: unknown, id: unknown, name: unknown][] = [
    [{ id: ' o1 ', orgName: ' East ' }, ' o1 ', ' East '],
    [{ id: '', orgName: 'East' }, null, 'East'],
    [{ id: ' \t\n\u00a0\u2003', orgName: '\u3000' }, null, null],
    [{ id: null }, null, null],
    [{}, null, null],
    [{ id: 28, orgName: true }, '28', 'true'],
    [{ id: 0, orgName: false }, '0', 'false'],
    [{ id: -1.5, orgName: 1e-7 }, '-1.5', '1e-7'],
  ]
  for (const [rootOrg, id, name] of rules) {
    test(`${JSON.stringify(rootOrg)} gives ${JSON.stringify([id, name])}`, () => {
      const row = profileRow({ rootOrg })
      assert.deepEqual([row.organisation_id, row.organisation_name], [id, name])
    })
  }
})

describe('user type and sub type', () => {
  const rules: [entries: unknown[], type: unknown, subType: unknown][] = [
    [[], null, null],
    [[null, null], null, null],
    [[{}], null, null],
    [[{ type: 'TEACHER', subType: 'brp' }], 'teacher', 'BRP'],
    [[{ type: 'a' }, { type: 'B' }, null], 'b', null],
    [[{ type: 'a' }, { type: '' }], null, null],
    [[{ type: 'a' }, { type: null, subType: 'x' }], null, 'X'],
    [[{ type: ' A ' }], ' a ', null],
    [[{ type: ' ' }], ' ', null],
    [[{ subType: 'b' }, null, { subType: 'a' }, { subType: 'B' }], null, 'B,A'],
    [[{ subType: '' }, { subType: null }, { subType: 'a' }], null, 'A'],
    [[{ subType: ' ' }, { subType: '' }], null, null],
    [[{ subType: ' ' }, { subType: 'a' }], null, ' ,A'],
    [[{ subType: ' a' }, { subType: 'a' }], null, ' A,A'],
    [[{ subType: 'a,b' }, { subType: 'a' }], null, 'A,B,A'],
    [[{ type: 'ISTANBUL İ', subType: 'straße i' }], 'istanbul i̇', 'STRASSE I'],
    [
      [
        { type: true, subType: 28 },
        { type: 28, subType: true },
      ],
      '28',
      '28,TRUE',
    ],
  ]
  for (const [profileUserTypes, type, subType] of rules) {
    test(`${JSON.stringify(profileUserTypes)} give ${JSON.stringify([type, subType])}`, () => {
      const row = profileRow({ profileUserTypes })
      assert.deepEqual([row.user_type, row.user_sub_type], [type, subType])
    })
  }
})

describe('user locations', () => {
  const rules: [entries: unknown[], locations: Record<string, string>][] = [
    [[], {}],
    [[null], {}],
    [[{}], {}],
    [[{ type: 'state' }], {}],
    [[{ id: 'a', name: 'b', code: 'c' }], {}],
    [[{ type: ' \u00a0', id: 'a' }], {}],
    [[{ type: '', id: 'a' }], {}],
    [[{ type: 'state', id: 'a', name: 'b', code: 'c' }], { state_id: 'a', state_name: 'b', state_code: 'c' }],
    [[{ type: 'state', id: ' ', name: null, code: '' }], {}],
    [[{ type: 'state', id: '\t', name: ' ', code: ' \u00a0' }], {}],
    [[{ type: 'state', id: '', name: '', code: null }], {}],
    [[{ type: ' State ', id: ' a ' }], { ' State _id': ' a ' }],
    [
      [{ type: 'block', id: 'a', name: 'b' }, null, { type: 'block', id: 'c', name: ' ' }],
      { block_id: 'c', block_name: 'b' },
    ],
    [
      [
        { type: 'a', id: '1' },
        { type: 'A', id: '2' },
      ],
      { a_id: '1', A_id: '2' },
    ],
    [[{ type: 28, id: 1, name: true, code: 2.5 }], { '28_id': '1', '28_name': 'true', '28_code': '2.5' }],
    [[{ type: '__proto__', id: '1' }], { __proto___id: '1' }],
  ]
  for (const [userLocations, locations] of rules) {
    test(`${JSON.stringify(userLocations)} give ${JSON.stringify(locations)}`, () => {
      assert.deepEqual(profileRow({ userLocations }).user_locations, new Map(Object.entries(locations)))
    })
  }
})

describe('columns are unset, not null', () => {
  const groups = {
    rootOrg: ['organisation_id', 'organisation_name'],
    profileUserTypes: ['user_type', 'user_sub_type'],
    userLocations: ['user_locations'],
  }
  const all = Object.values(groups).flat()
  const full = { rootOrg: {}, profileUserTypes: [], userLocations: [] }

  for (const userProfile of [undefined, null, {}]) {
    test(`all of the profile's, when userProfile is ${shown(userProfile)}`, () => {
      const row = profileRow(userProfile)
      for (const column of all) assert.ok(!(column in row), column)
    })
  }
  for (const [part, columns] of Object.entries(groups)) {
    for (const value of [undefined, null]) {
      test(`those of ${part} alone, when it is ${value === null ? 'null' : 'missing'}`, () => {
        const row = profileRow({ ...full, [part]: value })
        assert.deepEqual(
          all.filter(column => !(column in row)),
          columns,
        )
      })
    }
  }
})

describe('a value of another type is a dead letter with the path and both types', () => {
  const foundAs: [unknown, string][] = [
    ['true', 'text'],
    [1, 'a number'],
    [true, 'a boolean'],
    [[], 'an array'],
    [{}, 'an object'],
  ]
  const takes = {
    text: ['text'],
    'text of a scalar': ['text', 'a number', 'a boolean'],
    'a boolean': ['a boolean'],
    'an array': ['an array'],
    'an object': ['an object'],
  }
  const at = 'userProfile'
  const fields: [path: string, takes: keyof typeof takes, build: (value: unknown) => unknown][] = [
    ['programId', 'text', programId => ({ ...valid, programId })],
    ['userId', 'text', userId => ({ ...valid, userId })],
    ['programExternalId', 'text', programExternalId => ({ ...valid, programExternalId })],
    ['programName', 'text', programName => ({ ...valid, programName })],
    ['requestForPIIConsent', 'a boolean', requestForPIIConsent => ({ ...valid, requestForPIIConsent })],
    [at, 'an object', userProfile => ({ ...valid, userProfile })],
    ...(
      [
        ['rootOrg', 'an object', rootOrg => ({ rootOrg })],
        ['rootOrg.id', 'text of a scalar', id => ({ rootOrg: { id } })],
        ['rootOrg.orgName', 'text of a scalar', orgName => ({ rootOrg: { orgName } })],
        ['profileUserTypes', 'an array', profileUserTypes => ({ profileUserTypes })],
        ['profileUserTypes[1]', 'an object', entry => ({ profileUserTypes: [null, entry] })],
        ['profileUserTypes[0].type', 'text of a scalar', type => ({ profileUserTypes: [{ type }, { type: 'a' }] })],
        ['profileUserTypes[2].subType', 'text of a scalar', subType => ({ profileUserTypes: [null, {}, { subType }] })],
        ['userLocations', 'an array', userLocations => ({ userLocations })],
        ['userLocations[0]', 'an object', entry => ({ userLocations: [entry] })],
        ['userLocations[1].type', 'text of a scalar', type => ({ userLocations: [null, { type }] })],
        ['userLocations[0].id', 'text of a scalar', id => ({ userLocations: [{ type: 'state', id }] })],
        ['userLocations[0].name', 'text of a scalar', name => ({ userLocations: [{ type: 'state', name }] })],
        ['userLocations[0].code', 'text of a scalar', code => ({ userLocations: [{ type: ' ', code }] })],
      ] as [string, keyof typeof takes, (value: unknown) => unknown][]
    ).map(([path, type, build]): (typeof fields)[number] => [
      `${at}.${path}`,
      type,
      value => ({ ...valid, userProfile: build(value) }),
    ]),
  ]
  for (const [path, type, build] of fields) {
    const accepted: readonly string[] = takes[type]
    test(`${path} accepts ${accepted.join(', ')}, and nothing else`, () => {
      for (const [value, found] of foundAs) {
        const expected = accepted[0] ?? ''
        if (accepted.includes(found)) assert.doesNotThrow(() => rowOf(build(value)))
        else rejects(() => rowOf(build(value)), 'wrong-type', `${path}: expected ${expected}, found ${found}`)
      }
    })
    if (['programId', 'userId'].includes(path)) continue
    test(`${path} may be null`, () => assert.doesNotThrow(() => rowOf(build(null))))
  }

  for (const [event, found] of [...foundAs, [null, 'null'] as const].filter(([, found]) => found !== 'an object')) {
    test(`the event itself is an object, not ${found}`, () => {
      rejects(() => rowOf(event), 'wrong-type', `the event: expected an object, found ${found}`)
    })
  }

  test('the first fault in the order of the table is reported', () => {
    rejects(
      () => rowOf({ programId: 1, requestForPIIConsent: 1 }),
      'wrong-type',
      'programId: expected text, found a number',
    )
    rejects(
      () => rowOf({ ...valid, userId: '', updatedAt: 1.5 }),
      'missing-key',
      'userId: empty, but part of the primary key',
    )
  })
})

describe('differences from the Flink job', () => {
  const tooSmall = 'a number below 100,000,000,000, which is before March 1973 in milliseconds; it may be in seconds'
  const line = JSON.stringify(valid)
  const flattened = (bytes: Buffer) => () => changeOfBytes(bytes)
  const notOneDocument = (bytes: Buffer) => `the value (${bytes.length} bytes) is not exactly one JSON document`
  const notUtf8 = (bytes: Buffer) => `the value (${bytes.length} bytes) is not UTF-8`

  test('1. texts are stored unchanged, without print-outs of an Option', () => {
    const { program_name, program_externalid } = rowOf({ ...valid, programName: 'Read' })
    assert.deepEqual([program_name, program_externalid], ['Read', null])
  })
  test('2. a bad date, a wrong type and malformed JSON are dead letters', () => {
    const malformed = Buffer.from('{"programId":')
    rejects(
      () => changeOf({ ...valid, createdAt: 'soon' }),
      'bad-date',
      'createdAt: text that is not an ISO 8601 date-time with Z or an offset',
    )
    rejects(() => changeOf({ ...valid, programName: 1 }), 'wrong-type', 'programName: expected text, found a number')
    rejects(flattened(malformed), 'not-json', notOneDocument(malformed))
  })
  test('3. an event without programme or user is a dead letter', () => {
    rejects(
      () => changeOf({ ...valid, programId: null }),
      'missing-key',
      'programId: absent, but part of the primary key',
    )
    rejects(() => changeOf({ ...valid, userId: null }), 'missing-key', 'userId: absent, but part of the primary key')
  })
  test('4. dates do not roll over, nothing may follow the instant or the document, and UTF-16 is rejected', () => {
    for (const createdAt of ['2021-13-45', '2021-1-5', '2021-01-05T00:00:00Z tomorrow']) {
      rejects(
        () => changeOf({ ...valid, createdAt }),
        'bad-date',
        'createdAt: text that is not an ISO 8601 date-time with Z or an offset',
      )
    }
    const behind = Buffer.from(`${line} {}`)
    rejects(flattened(behind), 'not-json', notOneDocument(behind))
    const utf16 = Buffer.from(`\ufeff${line}`, 'utf16le')
    rejects(flattened(utf16), 'not-json', notUtf8(utf16))
  })
  test('5. an object or an array where text is expected is a dead letter', () => {
    rejects(
      () => profileRow({ rootOrg: { orgName: {} } }),
      'wrong-type',
      'userProfile.rootOrg.orgName: expected text, found an object',
    )
    rejects(
      () => profileRow({ userLocations: [{ type: [] }] }),
      'wrong-type',
      'userProfile.userLocations[0].type: expected text, found an array',
    )
  })
  test('6. a userProfile that is not an object is a dead letter', () => {
    rejects(() => profileRow([]), 'wrong-type', 'userProfile: expected an object, found an array')
  })
  test('7. the organisation as a number or a boolean is its JSON text', () => {
    const { organisation_id, organisation_name } = profileRow({ rootOrg: { id: 28, orgName: true } })
    assert.deepEqual([organisation_id, organisation_name], ['28', 'true'])
  })
  test('8. numbers in the profile keep their text, whatever their size', () => {
    for (const number of ['1234567890123456789', '-1268904781886259221', '1e21', '1E400', '28.0', '-0']) {
      const profile = `{"rootOrg":{"id":${number}},"userLocations":[{"type":"state","name":${number}}]}`
      const row = rowOfBytes(Buffer.from(`${line.slice(0, -1)},"userProfile":${profile}}`))
      assert.equal(row.organisation_id, number)
      assert.deepEqual(row.user_locations, new Map([['state_name', number]]))
    }
  })
  test('9. a date in seconds is a dead letter', () => {
    const seconds = { ...valid, createdAt: 1_690_431_138 }
    rejects(() => rowOf(seconds), 'bad-date', `createdAt: ${tooSmall}`)
  })
})
