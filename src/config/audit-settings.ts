import { optionalText } from './define.ts'

export const auditSettings = {
  resultFile: optionalText('AUDIT_RESULT_FILE', {
    example: '/var/lib/node_exporter/sunbird_streams_audit.prom',
    accepts: 'the path of a file',
    help: "The file to which `audit` writes its result, in Prometheus's text format. The worker reads it for its metrics and its page.",
  }),
}
