import { defineStream, upsert } from '../../src/stream/index.ts'
import { enrolment } from './event.ts'
import { toRow } from './row.ts'
import { programEnrollment } from './table.ts'

/** Enrolments in programmes: events of the ML services, for the Program Exhaust report. */
export default defineStream({
  name: 'program-user-info',
  defaults: {
    topic: '{{env}}.programuser.info',
    deadLetterTopic: '{{env}}.programuser.info.failed',
    groupId: '{{env}}-programuser-group',
    keyspace: 'sunbird_programs',
    table: 'program_enrollment',
  },
  event: enrolment,
  table: programEnrollment,
  flatten: event => upsert(toRow(event), event.updatedAt),
})
