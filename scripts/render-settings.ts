import { type Setting } from '../src/config/define.ts'
import { definition } from '../src/config/settings.ts'
import { isSetting, settingsOf } from '../src/config/tree.ts'
import { type StreamDefaults } from '../src/stream/definition.ts'
import { renderTable } from './render-table.ts'

type Section = readonly [title: string, settings: readonly Setting<unknown>[]]

const titles: Readonly<Record<string, string>> = {
  kafka: 'Kafka',
  cassandra: 'Cassandra',
  pipeline: 'Pipeline',
  http: 'HTTP',
  probes: 'Probes',
  log: 'Log',
}

/** One section for each group of settings, and a first one for those in none. */
const sectionsOf = (stream: StreamDefaults): Section[] => {
  const nodes = Object.entries(definition(stream))
  const general = nodes.flatMap(([, node]) => (isSetting(node) ? [node] : []))
  const groups = nodes.flatMap(([name, node]): Section[] =>
    isSetting(node) ? [] : [[titles[name] ?? name, settingsOf(node)]],
  )
  return [['General', general], ...groups]
}

const exampleOf = ({ variable, kind, help, accepts, fallback, example }: Setting<unknown>): string => {
  const says = [`# ${help}`, `# Accepted: ${accepts}.`]
  if (kind === 'secret') {
    return [...says, '# Not set by default. From a file instead:', `#${variable}_FILE=/run/secrets/${variable}`].join(
      '\n',
    )
  }
  if (fallback === '') return [...says, '# Not set by default. For example:', `#${variable}=${example}`].join('\n')
  return [...says, `#${variable}=${fallback}`].join('\n')
}

const preface = `# Copy this file to .env and change what differs. Made by \`npm run docs\`: do not edit.
# The environment takes precedence over .env; an empty value counts as not set.
# A # in a value ends it: put such a value in quotes, as in NAME='a#b'.`

/** The text of `.env.example`: every setting, commented out, with its default. */
export const renderEnvExample = (stream: StreamDefaults): string => {
  const blocks = sectionsOf(stream).flatMap(([title, settings]) => [`# ---- ${title} ----`, ...settings.map(exampleOf)])
  return [preface, ...blocks].join('\n\n') + '\n'
}

const rowOf = ({ variable, kind, help, accepts, fallback }: Setting<unknown>): string[] => [
  kind === 'secret' ? `\`${variable}\` or \`${variable}_FILE\`` : `\`${variable}\``,
  fallback === '' ? '' : `\`${fallback}\``,
  help,
  accepts,
]

/** The tables of docs/settings.md, one a section. */
export const renderSettingsTable = (stream: StreamDefaults): string =>
  sectionsOf(stream)
    .map(([title, settings]) => {
      const rows = settings.map(rowOf)
      return `## ${title}\n\n${renderTable([['variable', 'default', 'meaning', 'accepted'], ...rows])}`
    })
    .join('\n\n')
