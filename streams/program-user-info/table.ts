import { type TableDefinition } from '../../src/stream/index.ts'

/**
 * One row for each user in a programme; the Program Exhaust report reads it by programme. The table exists in production and
 * has other owners. This is what the worker expects of it.
 */
export const programEnrollment = {
  columns: {
    program_id: 'text',
    user_id: 'text',
    program_externalid: 'text',
    program_name: 'text',
    pii_consent_required: 'boolean',
    organisation_id: 'text',
    organisation_name: 'text',
    user_type: 'text',
    user_sub_type: 'text',
    user_locations: 'map<text,text>',
    created_at: 'date',
    updated_at: 'date',
  },
  partitionKey: ['program_id'],
  clusteringKey: ['user_id'],
} as const satisfies TableDefinition
