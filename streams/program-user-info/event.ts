import {
  boolean,
  instant,
  key,
  list,
  object,
  optional,
  scalarText,
  text,
  type ValueOf,
} from '../../src/stream/index.ts'

/**
 * What the stream reads of an event: a user's part in a programme. The whole shape is checked, whichever values the rules
 * of the row then use; of several faults the first in the order of the fields here is told.
 */
export const enrolment = object({
  programId: key,
  userId: key,
  programExternalId: optional(text),
  programName: optional(text),
  requestForPIIConsent: optional(boolean),
  createdAt: instant,
  updatedAt: instant,
  userProfile: optional(
    object({
      rootOrg: optional(object({ id: optional(scalarText), orgName: optional(scalarText) })),
      profileUserTypes: optional(list(object({ type: optional(scalarText), subType: optional(scalarText) }))),
      userLocations: optional(
        list(
          object({
            type: optional(scalarText),
            id: optional(scalarText),
            name: optional(scalarText),
            code: optional(scalarText),
          }),
        ),
      ),
    }),
  ),
})

export type Enrolment = ValueOf<typeof enrolment>

export type UserProfile = NonNullable<Enrolment['userProfile']>

export type UserTypes = NonNullable<UserProfile['profileUserTypes']>

export type UserLocations = NonNullable<UserProfile['userLocations']>
