import { type Row } from '../../src/stream/index.ts'
import { type Enrolment, type Organisation, type UserLocation, type UserType } from './event.ts'
import { utcDay } from './instant.ts'
import { type programEnrollment } from './table.ts'

type Text = string | undefined

/** Whether it is more than white space, as Unicode knows it: a no-break space is white space too. */
const isFilled = (text: Text): text is string => text !== undefined && text.trim() !== ''

const unlessEmpty = (text: Text): string | null => (text === undefined || text === '' ? null : text)

const unlessBlank = (text: Text): string | null => (isFilled(text) ? text : null)

const organisation = ({ id, orgName }: Organisation) => ({
  organisation_id: unlessBlank(id),
  organisation_name: unlessBlank(orgName),
})

const subTypes = (types: readonly UserType[]): string => {
  const distinct = new Set<string>()
  for (const { subType } of types) if (subType !== undefined && subType !== '') distinct.add(subType.toUpperCase())
  return [...distinct].join(',')
}

const userTypes = (types: readonly UserType[]) => ({
  user_type: unlessEmpty(types.at(-1)?.type?.toLowerCase()),
  user_sub_type: unlessBlank(subTypes(types)),
})

interface LocationKeys {
  readonly id: string
  readonly name: string
  readonly code: string
}

const mostKnownTypes = 100
const knownTypes = new Map<string, LocationKeys>()

/**
 * `state_id`, `state_name`, `state_code` ...: the report picks its columns by these keys. There are a handful of types in
 * all events, so the same texts serve: joined anew for each event they would cost more than all other columns.
 */
const keysOf = (type: string): LocationKeys => {
  const known = knownTypes.get(type)
  if (known !== undefined) return known
  const keys = { id: `${type}_id`, name: `${type}_name`, code: `${type}_code` }
  if (knownTypes.size < mostKnownTypes) knownTypes.set(type, keys)
  return keys
}

const flatLocations = (locations: readonly UserLocation[]): Map<string, string> => {
  const flat = new Map<string, string>()
  for (const { type, id, name, code } of locations) {
    if (!isFilled(type)) continue
    const keys = keysOf(type)
    if (isFilled(id)) flat.set(keys.id, id)
    if (isFilled(name)) flat.set(keys.name, name)
    if (isFilled(code)) flat.set(keys.code, code)
  }
  return flat
}

const locations = (list: readonly UserLocation[]) => ({ user_locations: flatLocations(list) })

/** One event, one row. A part of the profile that is absent leaves its columns out: they stay as the table has them. */
export const toRow = (enrolment: Enrolment): Row<typeof programEnrollment> => {
  const { rootOrg, profileUserTypes, userLocations } = enrolment.userProfile ?? {}
  return {
    program_id: enrolment.programId,
    user_id: enrolment.userId,
    program_externalid: unlessEmpty(enrolment.programExternalId),
    program_name: unlessEmpty(enrolment.programName),
    pii_consent_required: enrolment.requestForPIIConsent ?? false,
    ...(rootOrg && organisation(rootOrg)),
    ...(profileUserTypes && userTypes(profileUserTypes)),
    ...(userLocations && locations(userLocations)),
    created_at: utcDay(enrolment.createdAt),
    updated_at: utcDay(enrolment.updatedAt),
  }
}
