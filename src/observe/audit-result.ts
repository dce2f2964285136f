import { prefix } from './metrics/figures.ts'

/** The result of the last audit, as stored in a file. */
export interface AuditResult {
  /** Milliseconds since 1970. */
  readonly finishedAt: number
  readonly events: number
  readonly rows: number
  /** In rows and in dead letters. */
  readonly differences: number
  /** Whether it could not tell if there are differences. */
  readonly isUndecided: boolean
}

/** Its metrics: names without prefix, help texts and values. */
export const auditFigures: readonly (readonly [name: string, help: string, value: (result: AuditResult) => number])[] =
  [
    ['audit_finished_timestamp_seconds', 'When the last audit ended.', ({ finishedAt }) => finishedAt / 1000],
    ['audit_events', 'Events that the last audit read.', ({ events }) => events],
    ['audit_rows', 'Rows that the last audit compared.', ({ rows }) => rows],
    [
      'audit_differences',
      'Differences between topic and table that the last audit found.',
      result => result.differences,
    ],
    [
      'audit_undecided',
      '1 if the last audit could not tell whether topic and table match.',
      result => Number(result.isUndecided),
    ],
  ]

/** In Prometheus's text format, which node exporter's textfile collector reads. */
export const auditResultText = (result: AuditResult, stream: string): string =>
  auditFigures
    .flatMap(([name, help, value]) => [
      `# HELP ${prefix}${name} ${help}\n`,
      `# TYPE ${prefix}${name} gauge\n`,
      `${prefix}${name}{stream="${stream}"} ${value(result)}\n`,
    ])
    .join('')

/** Returns undefined if the text is not such a result of this stream. */
export const readAuditResult = (text: string, stream: string): AuditResult | undefined => {
  const lines = text.split('\n')
  const [seconds, events, rows, differences, undecided] = auditFigures.map(([name]) => {
    const start = `${prefix}${name}{stream="${stream}"} `
    return Number(lines.find(line => line.startsWith(start))?.slice(start.length) ?? NaN)
  })
  const numbers = [seconds, events, rows, differences, undecided].filter(number => Number.isFinite(number))
  if (numbers.length < auditFigures.length) return undefined
  return {
    ...{ finishedAt: (seconds ?? 0) * 1000, events: events ?? 0, rows: rows ?? 0 },
    ...{ differences: differences ?? 0, isUndecided: undecided === 1 },
  }
}
