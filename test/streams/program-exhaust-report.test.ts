import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { programExhaustReport, type ReportSource } from './program-exhaust-report.ts'
import { rowOf, rowOfBytes, valid } from './enrolments.ts'
import { readSamples } from './samples.ts'

const school = { type: 'school', id: 'c3', name: 'Hill School', code: '21070400512' }

const enrolment = (userId: string, consent: unknown, userLocations: unknown): ReportSource =>
  rowOf({ ...valid, userId, requestForPIIConsent: consent, userProfile: { userLocations } })

const users = (lines: readonly { readonly user_id?: string | null }[]) => lines.map(line => line.user_id)

describe('the Program Exhaust report', () => {
  test('prints the example of the contract', async () => {
    const samples = await readSamples('program-user-info')
    const full = samples.find(sample => sample.name === 'full-event')
    const row = rowOfBytes(full?.value ?? assert.fail())
    assert.deepEqual(programExhaustReport([row]), {
      withConsent: [
        {
          user_id: '5f0d2c3e-8a41-4b77-9c1e-6d2b9a7e4f10',
          program_name: 'Read Together',
          program_externalid: 'PGM-READ-07',
          user_type: 'administrator',
          user_sub_type: 'HM,CRP',
          organisation_name: 'East Board',
          state_name: 'Eastland',
          district_name: 'Northfield',
          school_name: 'Hill School',
          school_code: '21070400512',
        },
      ],
      withoutConsent: [],
    })
  })

  test('has every enrolment in one of its two parts; absent consent counts as not given', () => {
    const rows = [
      enrolment('given', true, [school]),
      enrolment('refused', false, [school]),
      enrolment('absent', undefined, [school]),
    ]
    const { withConsent, withoutConsent } = programExhaustReport(rows)
    assert.deepEqual([users(withConsent), users(withoutConsent)], [['given'], ['refused', 'absent']])
  })

  test('leaves out users without a reported location', () => {
    const state = { type: 'state', id: 'a1', code: '21' }
    const rows = [undefined, [], [state], [{ ...school, type: 'School' }]].map(list => enrolment('u', true, list))
    assert.deepEqual(programExhaustReport(rows), { withConsent: [], withoutConsent: [] })
  })

  test('reads the names of five levels, but only the code of the school', () => {
    const levels = ['state', 'district', 'block', 'cluster', 'school']
    const row = enrolment(
      'u',
      true,
      levels.map(type => ({ type, id: 'i', name: `the ${type}`, code: '7' })),
    )
    const [line] = programExhaustReport([row]).withConsent
    assert.deepEqual(
      Object.entries(line ?? {}).filter(
        ([column]) => /_(id|name|code)$/.test(column) && !/^(user|program|org)/.test(column),
      ),
      [...levels.map(type => [`${type}_name`, `the ${type}`]), ['school_code', '7']],
    )
  })

  test('reads a map as the Cassandra driver returns it, and leaves out a null consent', () => {
    const row = { user_id: 'u', user_locations: { state_name: 'Eastland' } }
    assert.deepEqual(users(programExhaustReport([{ ...row, pii_consent_required: false }]).withoutConsent), ['u'])
    const none = { withConsent: [], withoutConsent: [] }
    assert.deepEqual(programExhaustReport([{ ...row, pii_consent_required: null }]), none)
  })
})
