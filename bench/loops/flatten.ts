import { types } from 'cassandra-driver'

interface Place {
  type?: string
  id?: string
  name?: string
  code?: string
}

/** The fields that the loops use, without a check. */
export interface Event {
  programId: string
  userId: string
  programExternalId?: string
  programName?: string
  requestForPIIConsent?: boolean
  createdAt: string
  updatedAt: string
  userProfile: {
    rootOrg: { id?: string; orgName?: string }
    profileUserTypes: { type?: string; subType?: string }[]
    userLocations: Place[]
  }
}

export const parse = (value: Buffer | null): Event => JSON.parse(String(value)) as Event

export const insertInto = (table: string): string =>
  `INSERT INTO ${table} (program_id, user_id, program_externalid, program_name, pii_consent_required, ` +
  'organisation_id, organisation_name, user_type, user_sub_type, user_locations, created_at, updated_at) ' +
  'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'

const locations = (places: Place[]): Record<string, string> => {
  const flat: Record<string, string> = {}
  for (const { type, id, name, code } of places) {
    if (!type) continue
    if (id) flat[`${type}_id`] = id
    if (name) flat[`${type}_name`] = name
    if (code) flat[`${type}_code`] = code
  }
  return flat
}

/** An event's values in the order of the INSERT. `encodeMap` saves the driver work on the map. */
export const toParams = (event: Event, encodeMap: (map: Record<string, string>) => unknown): unknown[] => {
  const { rootOrg, profileUserTypes, userLocations } = event.userProfile
  const subTypes = new Set(profileUserTypes.flatMap(({ subType }) => (subType ? [subType.toUpperCase()] : [])))
  return [
    event.programId,
    event.userId,
    event.programExternalId ?? null,
    event.programName ?? null,
    event.requestForPIIConsent ?? false,
    rootOrg.id ?? null,
    rootOrg.orgName ?? null,
    profileUserTypes.at(-1)?.type?.toLowerCase() ?? null,
    [...subTypes].join(','),
    encodeMap(locations(userLocations)),
    types.LocalDate.fromDate(new Date(event.createdAt)),
    types.LocalDate.fromDate(new Date(event.updatedAt)),
  ]
}
