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
 * The enrolment of a user in a programme. The whole shape is checked, even the values that the row does not use. If there are
 * several faults, the first in this order is reported.
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
