import { type Fate, fateHeader } from './load.ts'
import { type TopicMessage } from './topic-reader.ts'

/** A row for comparison: dates as yyyy-mm-dd, the map as sorted pairs. A reader sees no difference between an empty map and null. */
export type FoldedRow = Readonly<Record<string, string | boolean | null>>

interface Profile {
  readonly rootOrg?: { readonly id: string; readonly orgName: string }
  readonly profileUserTypes?: readonly { readonly type: string; readonly subType: string }[]
  readonly userLocations?: readonly Readonly<Record<'type' | 'id' | 'name' | 'code', string>>[]
}

interface GoodEvent {
  readonly programId: string
  readonly userId: string
  readonly programExternalId?: string
  readonly programName: string
  readonly requestForPIIConsent?: boolean
  readonly createdAt: string
  readonly updatedAt: string
  readonly userProfile?: Profile
}

export const keyOf = (programId: string, userId: string): string => JSON.stringify([programId, userId])

/** A map as one text to compare; null for an empty one. */
export const mapText = (map: Readonly<Record<string, string>>): string | null => {
  const entries = Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.length === 0 ? null : JSON.stringify(entries)
}

const typesOf = (types: NonNullable<Profile['profileUserTypes']>): FoldedRow => ({
  user_type: types.at(-1)?.type.toLowerCase() ?? null,
  user_sub_type: [...new Set(types.map(({ subType }) => subType.toUpperCase()))].join(',') || null,
})

const locationsOf = (locations: NonNullable<Profile['userLocations']>): FoldedRow => ({
  user_locations: mapText(
    Object.fromEntries(
      locations.flatMap(({ type, id, name, code }) => [
        [`${type}_id`, id],
        [`${type}_name`, name],
        [`${type}_code`, code],
      ]),
    ),
  ),
})

/** The columns that a good event of the load sets according to the contract. Other columns keep their values. */
const columnsOf = (event: GoodEvent): FoldedRow => {
  const { rootOrg, profileUserTypes, userLocations } = event.userProfile ?? {}
  return {
    program_externalid: event.programExternalId ?? null,
    program_name: event.programName,
    pii_consent_required: event.requestForPIIConsent ?? false,
    created_at: event.createdAt.slice(0, 10),
    updated_at: event.updatedAt.slice(0, 10),
    ...(rootOrg === undefined ? {} : { organisation_id: rootOrg.id, organisation_name: rootOrg.orgName }),
    ...(profileUserTypes === undefined ? {} : typesOf(profileUserTypes)),
    ...(userLocations === undefined ? {} : locationsOf(userLocations)),
  }
}

const emptyRow: FoldedRow = {
  organisation_id: null,
  organisation_name: null,
  user_type: null,
  user_sub_type: null,
  user_locations: null,
}

export const fateOf = ({ headers }: TopicMessage): Fate => (headers.get(fateHeader) ?? 'row') as Fate

/**
 * The expected table for messages in this order: all good events of a row, column by column. It follows the contract, only for
 * the events of the load, and uses no code of the worker.
 */
export const fold = (messages: readonly TopicMessage[]): Map<string, FoldedRow> => {
  const rows = new Map<string, FoldedRow>()
  for (const { value } of messages.filter(message => fateOf(message) === 'row')) {
    const event = JSON.parse(String(value)) as GoodEvent
    const key = keyOf(event.programId, event.userId)
    rows.set(key, { ...(rows.get(key) ?? emptyRow), ...columnsOf(event) })
  }
  return rows
}
