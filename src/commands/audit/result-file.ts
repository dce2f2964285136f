import { renameSync, writeFileSync } from 'node:fs'
import { type Totals } from '../../audit/result.ts'
import { type AuditResult, auditResultText } from '../../observe/audit-result.ts'

export const resultOf = (totals: Totals | undefined, finishedAt: number): AuditResult => ({
  ...{ finishedAt, events: totals?.events ?? 0, rows: totals?.rows ?? 0, differences: totals?.differences ?? 0 },
  isUndecided: totals === undefined || totals.verdict === 'cannot-tell',
})

/** Replaces the file atomically, so that no reader sees half of it. @throws what node:fs throws */
export const leaveResult = (file: string | undefined, result: AuditResult, stream: string): void => {
  if (file === undefined) return
  writeFileSync(`${file}.new`, auditResultText(result, stream))
  renameSync(`${file}.new`, file)
}
