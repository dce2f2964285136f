// Generates documents from the code: `.env.example`, docs/settings.md, the import table of CONTRIBUTING.md, the reasons
// in docs/dead-letters.md, the metrics in docs/metrics.md, the results in docs/faults.md, the fields in each stream's
// README.md, and the table and events of compose.yaml.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { exitCodeMeanings } from '../src/commands/exit-codes.ts'
import { defaultStream } from '../src/config/settings.ts'
import { reasons } from '../src/stream/invalid-event.ts'
import { loadStream, streamNames } from '../src/stream/load.ts'
import { cases } from '../rig/faults/cases.ts'
import { savedResults } from '../rig/faults/saved.ts'
import { readSamples } from '../test/streams/samples.ts'
import { renderFaultTable } from './fault-table.ts'
import { renderFieldsTable } from './fields-table.ts'
import { firstEvents, tableScript } from './first-look.ts'
import { renderMetricsTable } from './metrics-table.ts'
import { renderEnvExample, renderSettingsTable } from './render-settings.ts'
import { renderTable } from './render-table.ts'
import { scriptArguments } from './script-arguments.ts'

// Two levels up from dist/scripts/docs.js.
const pathOf = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url))

/** A file of the repository and its expected text. */
export interface Document {
  readonly file: string
  readonly text: string
}

/**
 * The text with the block between `<!-- name:begin -->` and `<!-- name:end -->` replaced.
 *
 * @throws Error that names the file and the markers if they are missing.
 */
export const replaceBlock = (file: string, text: string, name: string, block: string): string => {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${file} has no lines ${begin} and ${end} for its table`)
  return `${text.slice(0, from)}${begin}\n\n${block}\n\n${text.slice(to)}`
}

const withBlock = (file: string, name: string, block: string): Document[] =>
  existsSync(pathOf(file)) ? [{ file, text: replaceBlock(file, readFileSync(pathOf(file), 'utf8'), name, block) }] : []

const reasonsTable = (): string =>
  renderTable([
    ['reason', 'meaning'],
    ...Object.entries(reasons).map(([reason, meaning]) => [`\`${reason}\``, meaning]),
  ])

const layersTable = async (): Promise<string> => {
  const config = pathToFileURL(pathOf('.dependency-cruiser.js')).href
  const { layers } = (await import(config)) as { layers: Record<string, readonly string[]> }
  const named = (places: readonly string[]): string => places.map(place => `\`${place}\``).join(', ') || 'nothing'
  const isOurs = (place: string): boolean => /^(src|streams)\b/.test(place)
  return renderTable([
    ['in', 'may import from the project', 'may import from elsewhere'],
    ...Object.entries(layers).map(([place, allowed]) => [
      named([place]),
      named(allowed.filter(isOurs)),
      named(allowed.filter(other => !isOurs(other))),
    ]),
  ])
}

const fieldTables = async (): Promise<Document[]> => {
  const streams = await Promise.all((await streamNames()).map(loadStream))
  return streams.flatMap(({ name, event }) =>
    withBlock(`streams/${name}/README.md`, 'fields', renderFieldsTable(event)),
  )
}

/** All generated documents. Those that do not exist are left out, except `.env.example`. */
export const documents = async (): Promise<Document[]> => {
  const stream = await loadStream(defaultStream)
  const { defaults } = stream
  return [
    { file: '.env.example', text: renderEnvExample(defaults) },
    ...withBlock('docs/settings.md', 'settings', renderSettingsTable(defaults)),
    ...withBlock('CONTRIBUTING.md', 'layers', await layersTable()),
    ...withBlock('docs/operate.md', 'exit-codes', renderTable([['code', 'meaning'], ...exitCodeMeanings])),
    ...withBlock('docs/dead-letters.md', 'reasons', reasonsTable()),
    ...withBlock('docs/metrics.md', 'metrics', renderMetricsTable()),
    ...withBlock('docs/faults.md', 'results', renderFaultTable(cases, savedResults())),
    ...(await fieldTables()),
    { file: 'deploy/compose/table.cql', text: tableScript(stream) },
    { file: 'deploy/compose/events.jsonl', text: firstEvents(await readSamples(defaultStream)) },
  ]
}

/** The current text of the file; empty if it does not exist. */
export const current = (file: string): string => (existsSync(pathOf(file)) ? readFileSync(pathOf(file), 'utf8') : '')

const help = `Usage: npm run docs
Writes the documents that are generated from the code, and prints their names.
`

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  scriptArguments(help, {})
  for (const { file, text } of await documents()) {
    writeFileSync(pathOf(file), text)
    console.log(file)
  }
}
