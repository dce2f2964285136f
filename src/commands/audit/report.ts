import { type Totals } from '../../audit/result.ts'
import { type Span } from '../../kafka/spans.ts'
import { columns } from '../columns.ts'
import { shown } from './plan.ts'

/** What was compared. */
export interface Compared {
  readonly topic: string
  readonly group: string
  readonly table: string
  readonly deadLetterTopic: string
  readonly spans: readonly Span[]
  readonly notes: readonly string[]
  /** Whether only a sample of the rows was compared. */
  readonly isSample: boolean
  /** Whether the audit looked for rows without an event. */
  readonly everyRow: boolean
}

const verdicts = {
  agrees: 'table and dead letters match the topic',
  differs: 'TABLE AND TOPIC DO NOT MATCH',
  'cannot-tell': 'CANNOT TELL whether table and topic match',
} as const

type Line = readonly [what: string, count: number]

const always = (totals: Totals): Line[] => [
  ['events read', totals.events],
  ['  of rows', totals.accepted],
  ['  of dead letters', totals.rejected + totals.refused],
  ['rows expected', totals.rows],
  ['  equal', totals.equal],
  ['  missing', totals.missing],
  ['  different', totals.different],
  ['  as an earlier event left them', totals.older],
  ['  newer than their event', totals.newer],
]

const ifAny = (totals: Totals): Line[] => {
  const lines: Line[] = [
    ['  printed as Some(...)', totals.printOut],
    ['  refused, with a dead letter', totals.explained],
    ['  perhaps from an event not read', totals.unclear],
    ['rows without an event', totals.extra],
    ['older rows without an event', totals.before],
  ]
  return lines.filter(([, count]) => count > 0)
}

const ofLetters = (totals: Totals): Line[] => {
  const further: Line[] = [
    ['  twice', totals.letterTwice],
    ['  for events that become a row', totals.unexpectedLetter],
    ['  perhaps removed by retention', totals.unclearLetter],
    ['dead letters of other streams or topics', totals.othersLetters],
    ['record batches that cannot be decoded', totals.undecodable],
    ['replayed events', totals.replayed],
    ['events after the end', totals.later],
  ]
  return [
    ['dead letters expected', totals.rejected + totals.refused + totals.undecodable],
    ['  found', totals.lettersFound],
    ['  missing', totals.noLetter],
    ...further.filter(([, count]) => count > 0),
  ]
}

const byColumn = ({ columns: counts }: Totals): string =>
  counts.size === 0
    ? ''
    : `differing by column:\n${columns([...counts].sort(([, a], [, b]) => b - a).map(([name, count]) => [`  ${name}`, count]))}`

/** The full result, for people. */
export const reportOf = (totals: Totals, compared: Compared, differences: string): string => {
  const { topic, group, table, deadLetterTopic, spans, notes, isSample, everyRow } = compared
  const obstacles = totals.obstacles.map(obstacle => `  ${obstacle}\n`).join('')
  return [
    `${topic}, as group ${group} has committed it, against ${table} and ${deadLetterTopic}\n`,
    ...spans.map(({ partition, from, to }) => `  partition ${partition}: offsets ${from} to before ${to}\n`),
    ...notes.map(note => `  ${note}\n`),
    '\n',
    columns([...always(totals), ...ifAny(totals), ...ofLetters(totals)]),
    `in neither the table nor the dead letters: ${totals.missing + totals.noLetter}\n`,
    byColumn(totals),
    differences,
    `\n${verdicts[totals.verdict]}${isSample ? ', in a sample' : ''}\n`,
    obstacles,
    everyRow ? '' : 'not checked: rows without an event; --whole-table checks them\n',
    `the next audit continues with --from ${shown(spans.map(({ partition, to }) => [partition, to]))}\n`,
  ].join('')
}

/** The full result as one line of JSON. */
export const summaryOf = (totals: Totals, { topic, group, table, spans, notes, isSample }: Compared): string => {
  const { columns: counts, ...counted } = totals
  const offsets = spans.map(({ partition, from, to }) => ({ partition, from, to }))
  const { verdict, differences } = totals
  return `${JSON.stringify({
    ...{ kind: 'summary', verdict, differences, topic, group, table, offsets, notes, isSample },
    ...counted,
    columns: Object.fromEntries(counts),
  })}\n`
}
