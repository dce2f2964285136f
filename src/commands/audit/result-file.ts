import { renameSync, writeFileSync } from 'node:fs'
import { type Totals } from '../../audit/result.ts'
import { type AuditResult, auditResultText } from '../../observe/audit-result.ts'

export const resultOf = (totals: Totals | undefined, finishedAt: number): AuditResult => ({
  ...{ finishedAt, events: totals?.events ?? 0, rows: totals?.rows ?? 0, differences: totals?.differences ?? 0 },
  isUndecided: totals === undefined || totals.verdict === 'cannot-tell',
})

/**
 * Replaces the file atomically, so that no reader sees half of it. Returns false if it cannot be written, and says why: the
 * audit is done by then, and must not fail for it.
 */
export const leaveResult = (
  file: string | undefined,
  result: AuditResult,
  stream: string,
  tell: (text: string) => void,
): boolean => {
  if (file === undefined) return true
  const text = auditResultText(result, stream)
  try {
    writeFileSync(`${file}.new`, text)
    renameSync(`${file}.new`, file)
    return true
  } catch (error) {
    tell(`cannot write AUDIT_RESULT_FILE: ${error instanceof Error ? error.message : String(error)}\n`)
    return false
  }
}
