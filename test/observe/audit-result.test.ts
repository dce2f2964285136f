import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { auditResultText, readAuditResult } from '../../src/observe/audit-result.ts'
import { parseMetrics } from './prometheus.ts'

const result = { finishedAt: 1_700_000_000_500, events: 12, rows: 10, differences: 3, isUndecided: true }

describe('the result of an audit', () => {
  test("is written in Prometheus's text format, and read from it", () => {
    const text = auditResultText(result, 'things')
    assert.equal(parseMetrics(text).value('audit_differences'), 3)
    assert.deepEqual(readAuditResult(text, 'things'), result)
  })
  test('is ignored if it is of another stream or truncated', () => {
    const text = auditResultText(result, 'things')
    assert.equal(readAuditResult(text, 'other'), undefined)
    assert.equal(readAuditResult(text.slice(0, 300), 'things'), undefined)
    assert.equal(readAuditResult('', 'things'), undefined)
  })
})
