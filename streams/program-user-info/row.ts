import { type Row, type Text, utcDay } from '../../src/stream/index.ts'
import { type Enrolment, type UserLocations, type UserTypes } from './event.ts'
import { type programEnrollment } from './table.ts'

const isFilled = (text: Text | undefined): text is Text => text !== undefined && !text.isBlank

const unlessEmpty = (text: Text | undefined): Text | null => (text === undefined || text.isEmpty ? null : text)

const unlessBlank = (text: Text | undefined): Text | null => (isFilled(text) ? text : null)

/** The type of the last entry, in lower case. */
const userType = (types: UserTypes): string | null => {
  const type = types.at(-1)?.type
  return type === undefined || type.isEmpty ? null : type.toString().toLowerCase()
}

/** All distinct sub types in upper case, in order of appearance. */
const userSubType = (types: UserTypes): string | null => {
  const distinct = new Set<string>()
  for (const { subType } of types) {
    if (subType !== undefined && !subType.isEmpty) distinct.add(subType.toString().toUpperCase())
  }
  const joined = [...distinct].join(',')
  return joined.trim() === '' ? null : joined
}

interface LocationKeys {
  readonly id: string
  readonly name: string
  readonly code: string
}

const mostKnownTypes = 100
const knownTypes = new Map<string, LocationKeys>()

/**
 * `state_id`, `state_name`, `state_code` and so on: the report picks its columns by these keys. All events have the same few
 * types, so the keys are cached. To build them for each event would cost more than all other columns.
 */
const keysOf = (type: string): LocationKeys => {
  const known = knownTypes.get(type)
  if (known !== undefined) return known
  const keys = { id: `${type}_id`, name: `${type}_name`, code: `${type}_code` }
  if (knownTypes.size < mostKnownTypes) knownTypes.set(type, keys)
  return keys
}

const flatLocations = (locations: UserLocations): Map<string, Text> => {
  const flat = new Map<string, Text>()
  for (const { type, id, name, code } of locations) {
    if (!isFilled(type)) continue
    const keys = keysOf(type.toString())
    if (isFilled(id)) flat.set(keys.id, id)
    if (isFilled(name)) flat.set(keys.name, name)
    if (isFilled(code)) flat.set(keys.code, code)
  }
  return flat
}

/** The row of an event. If a part of the profile is absent, its columns are undefined and keep their values in the table. */
export const toRow = (event: Enrolment): Row<typeof programEnrollment> => {
  const { rootOrg, profileUserTypes, userLocations } = event.userProfile ?? {}
  return {
    program_id: event.programId,
    user_id: event.userId,
    program_externalid: unlessEmpty(event.programExternalId),
    program_name: unlessEmpty(event.programName),
    pii_consent_required: event.requestForPIIConsent ?? false,
    organisation_id: rootOrg && unlessBlank(rootOrg.id),
    organisation_name: rootOrg && unlessBlank(rootOrg.orgName),
    user_type: profileUserTypes && userType(profileUserTypes),
    user_sub_type: profileUserTypes && userSubType(profileUserTypes),
    user_locations: userLocations && flatLocations(userLocations),
    created_at: utcDay(event.createdAt),
    updated_at: utcDay(event.updatedAt),
  }
}
