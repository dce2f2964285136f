import { InvalidEvent, JsonObject } from '../../src/stream/index.ts'
import { readInstant } from './instant-field.ts'

/** A user's part in a programme, as an event tells it. `undefined` is absent: the field is missing or null. */
export interface Enrolment {
  readonly programId: string
  readonly userId: string
  readonly programExternalId: string | undefined
  readonly programName: string | undefined
  readonly requestForPIIConsent: boolean | undefined
  /** Milliseconds since 1970-01-01T00:00Z; so is `updatedAt`. */
  readonly createdAt: number
  readonly updatedAt: number
  readonly userProfile: UserProfile | undefined
}

/** What an enrolment needs of the user's record; the lists are without their null entries. */
export interface UserProfile {
  readonly rootOrg: Organisation | undefined
  readonly profileUserTypes: readonly UserType[] | undefined
  readonly userLocations: readonly UserLocation[] | undefined
}

export interface Organisation {
  readonly id: string | undefined
  readonly orgName: string | undefined
}

export interface UserType {
  readonly type: string | undefined
  readonly subType: string | undefined
}

export interface UserLocation {
  readonly type: string | undefined
  readonly id: string | undefined
  readonly name: string | undefined
  readonly code: string | undefined
}

const readKey = (event: JsonObject, name: string): string => {
  const key = event.text(name)
  if (key === undefined) throw new InvalidEvent('missing-key', `${name}: absent, but it names the row`)
  if (key === '') throw new InvalidEvent('missing-key', `${name}: empty, but it names the row`)
  return key
}

const readOrganisation = (organisation: JsonObject): Organisation => ({
  id: organisation.scalarText('id'),
  orgName: organisation.scalarText('orgName'),
})

const readUserType = (entry: JsonObject): UserType => ({
  type: entry.scalarText('type'),
  subType: entry.scalarText('subType'),
})

const readUserLocation = (entry: JsonObject): UserLocation => ({
  type: entry.scalarText('type'),
  id: entry.scalarText('id'),
  name: entry.scalarText('name'),
  code: entry.scalarText('code'),
})

const readUserProfile = (event: JsonObject): UserProfile | undefined => {
  const profile = event.object('userProfile')
  if (profile === undefined) return undefined
  const rootOrg = profile.object('rootOrg')
  return {
    rootOrg: rootOrg && readOrganisation(rootOrg),
    profileUserTypes: profile.objects('profileUserTypes')?.map(readUserType),
    userLocations: profile.objects('userLocations')?.map(readUserLocation),
  }
}

/**
 * Checks the whole shape of an event, whichever values the rules of the row then use; what is not named here is ignored.
 *
 * @throws InvalidEvent `missing-key`, `bad-date`, `wrong-type`: for the first fault in the order of the fields here.
 */
export const readEnrolment = (value: unknown): Enrolment => {
  const event = JsonObject.from(value)
  return {
    programId: readKey(event, 'programId'),
    userId: readKey(event, 'userId'),
    programExternalId: event.text('programExternalId'),
    programName: event.text('programName'),
    requestForPIIConsent: event.boolean('requestForPIIConsent'),
    createdAt: readInstant(event, 'createdAt'),
    updatedAt: readInstant(event, 'updatedAt'),
    userProfile: readUserProfile(event),
  }
}
