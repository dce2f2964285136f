import { optionalText } from './define.ts'

export const auditSettings = {
  resultFile: optionalText('AUDIT_RESULT_FILE', {
    example: '/var/lib/node_exporter/sunbird_streams_audit.prom',
    help: "Where `audit` leaves its result, in Prometheus's text format, and where the worker reads it for its metrics and its page.",
  }),
}
