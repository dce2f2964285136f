import { type StreamDefaults } from '../stream/definition.ts'
import { type Setting } from './define.ts'
import { type InForce } from './read.ts'
import { sections } from './settings.ts'

type Section = [title: string, settings: [variable: string, setting: Setting<unknown>][]]

const sectionsOf = (stream: StreamDefaults): Section[] =>
  Object.entries(sections(stream)).map(([title, settings]) => [title, Object.entries<Setting<unknown>>(settings)])

const exampleOf = (variable: string, setting: Setting<unknown>): string => {
  const says = [`# ${setting.help}`, `# Accepted: ${setting.accepts}.`]
  if (setting.kind === 'secret') {
    return [...says, '# Not set by default. From a file instead:', `#${variable}_FILE=/run/secrets/${variable}`].join(
      '\n',
    )
  }
  if (setting.fallback === '')
    return [...says, '# Not set by default. For example:', `#${variable}=${setting.example}`].join('\n')
  return [...says, `#${variable}=${setting.fallback}`].join('\n')
}

/** The text of `.env.example`: every setting, commented out, with its default. */
export const renderEnvExample = (stream: StreamDefaults): string => {
  const blocks = sectionsOf(stream).flatMap(([title, settings]) => [
    `# ---- ${title} ----`,
    ...settings.map(([variable, setting]) => exampleOf(variable, setting)),
  ])
  return (
    [
      '# Copy to .env and change what differs; the environment wins over .env. Made by `npm run docs`: do not edit.\n' +
        '# An empty value counts as not set.',
      ...blocks,
    ].join('\n\n') + '\n'
  )
}

/** A table in Markdown, padded as the formatter wants it. */
export const renderTable = (rows: readonly (readonly string[])[]): string => {
  const cells = rows.map(row => row.map(cell => cell.replaceAll('|', String.raw`\|`)))
  const widths = (cells[0] ?? []).map((_, column) => Math.max(3, ...cells.map(row => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`
  const padded = cells.map(row => line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))))
  return [padded[0], line(widths.map(width => '-'.repeat(width))), ...padded.slice(1)].join('\n')
}

const rowOf = (variable: string, setting: Setting<unknown>): string[] => [
  setting.kind === 'secret' ? `\`${variable}\` or \`${variable}_FILE\`` : `\`${variable}\``,
  setting.fallback === '' ? '' : `\`${setting.fallback}\``,
  setting.help,
  setting.accepts,
]

/** The tables of docs/settings.md, one a section. */
export const renderSettingsTable = (stream: StreamDefaults): string =>
  sectionsOf(stream)
    .map(([title, settings]) => {
      const rows = settings.map(([variable, setting]) => rowOf(variable, setting))
      return `**${title}**\n\n${renderTable([['variable', 'default', 'meaning', 'accepted'], ...rows])}`
    })
    .join('\n\n')

// What dotenv would not read back as it is goes in quotes.
const asInEnvFile = (value: string): string => (/^[\w.,:/{}*@+-]*$/.test(value) ? value : `'${value}'`)

/** What is in force, a line for each setting, in the form of an `.env` file. */
export const renderInForce = (inForce: readonly InForce[]): string =>
  inForce
    .map(({ variable, shown, isDefault }) => {
      const note = shown === '' ? ' # not set' : isDefault ? ' # default' : ''
      return `${variable}=${asInEnvFile(shown)}${note}\n`
    })
    .join('')
