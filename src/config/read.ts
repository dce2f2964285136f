import { type ConfigFault } from './config-error.ts'
import { type Setting } from './define.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Reads a file as text. @throws errors of node:fs, of which only the code is shown */
export type ReadFile = (path: string) => string

/** The value in force of one setting, for people. */
export interface InForce {
  readonly setting: string
  /** The variable that provides it: the setting itself, or `<setting>_FILE`. */
  readonly variable: string
  /** The value, or `***` for a secret; empty if it is not set. */
  readonly shown: string
  readonly isDefault: boolean
}

/** One setting that was read; without a value if it is not set or invalid. */
export interface Reading {
  readonly value?: unknown
  readonly inForce: InForce
  readonly fault?: ConfigFault
}

export const mask = '***'

/** A value for a message: in quotes, on one line, truncated. */
export const quoted = (value: string): string =>
  JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}...` : value)

const given = (env: Environment, variable: string): string => {
  const value = env[variable] ?? ''
  return value.trim() === '' ? '' : value
}

// Editors and `echo` add a newline that is not part of the secret.
const withoutNewline = (text: string): string => text.replace(/\r?\n$/, '')

// A Service called "ml-cassandra" gives every container ML_CASSANDRA_PORT=tcp://10.0.0.1:9042.
const serviceLink = (text: string): string =>
  text.startsWith('tcp://')
    ? '; Kubernetes sets this variable for a Service of that name: set it yourself, or set enableServiceLinks: false in the pod'
    : ''

const readPlain = (setting: Setting<unknown>, env: Environment, expand: (text: string) => string): Reading => {
  const { variable } = setting
  const own = given(env, variable).trim()
  const text = expand(own || setting.fallback)
  const inForce = { setting: variable, variable, shown: text, isDefault: own === '' }
  if (text === '') return { inForce }
  const value = setting.parse(text)
  if (value !== undefined) return { value, inForce }
  const accepts = `${setting.accepts}, for example ${variable}=${setting.example}${serviceLink(text)}`
  return { inForce, fault: { variable, holds: quoted(text), accepts } }
}

/** The current content of the file, or the last valid one if it cannot be used now. */
const currentContent = (
  setting: Setting<unknown>,
  path: string,
  readFile: ReadFile,
  first: unknown,
): (() => unknown) => {
  let last = first
  return () => {
    try {
      const content = withoutNewline(readFile(path))
      const current = content === '' ? undefined : (setting.parse(content) as (() => unknown) | undefined)
      last = current === undefined ? last : current()
    } catch {
      // It may be being replaced.
    }
    return last
  }
}

const readContent = (
  variable: string,
  setting: Setting<unknown>,
  path: string,
  readFile: ReadFile,
  shown: string,
): Reading => {
  const inForce = { setting: setting.variable, variable, shown: path, isDefault: false }
  const fault = (why: string, accepts: string): Reading => ({
    inForce,
    fault: { variable, holds: `${shown}, which ${why}`, accepts },
  })
  try {
    const content = withoutNewline(readFile(path))
    if (content === '') return fault('is empty', 'the path of a file that is not empty')
    const first = setting.parse(content) as (() => unknown) | undefined
    return first === undefined
      ? fault('has other content', setting.accepts)
      : { value: currentContent(setting, path, readFile, first()), inForce }
  } catch (error) {
    const { code = 'unknown error' } = error as { code?: string }
    return fault(`cannot be read (${code})`, 'the path of a file that this user may read')
  }
}

const readSecret = (setting: Setting<unknown>, env: Environment, readFile: ReadFile): Reading => {
  const { variable } = setting
  const fileVariable = `${variable}_FILE`
  const secret = withoutNewline(given(env, variable))
  const path = given(env, fileVariable).trim()
  const inForce = { setting: variable, variable, shown: secret === '' ? '' : mask, isDefault: secret === '' }
  const fault = (holds: string, accepts: string): Reading => ({ inForce, fault: { variable, holds, accepts } })
  // Not shown, because somebody may have put the secret itself here.
  if (path !== '' && secret === '') return readContent(fileVariable, setting, path, readFile, 'a path (not shown)')
  if (path !== '') return fault(`${mask} while ${fileVariable} is set too`, 'only one of the two')
  if (secret === mask) return fault(mask, `the secret itself; \`config\` prints ${mask} instead of it`)
  return secret === '' ? { inForce } : { value: setting.parse(secret), inForce }
}

const readFileSetting = (
  setting: Setting<unknown>,
  env: Environment,
  expand: (text: string) => string,
  readFile: ReadFile,
): Reading => {
  const { variable } = setting
  const path = expand(given(env, variable).trim())
  if (path === '') return { inForce: { setting: variable, variable, shown: '', isDefault: true } }
  if (!path.includes('-----BEGIN ')) return readContent(variable, setting, path, readFile, quoted(path))
  const inForce = { setting: variable, variable, shown: mask, isDefault: false }
  return { inForce, fault: { variable, holds: 'the text of a PEM file (not shown)', accepts: setting.accepts } }
}

/** Replaces `{{env}}` with the name of the environment. */
const expansion = (settings: readonly Setting<unknown>[], env: Environment): ((text: string) => string) => {
  const setting = settings.find(({ variable }) => variable === 'ENV')
  const own = given(env, 'ENV').trim()
  const name = setting?.parse(own) === undefined ? (setting?.fallback ?? '') : own
  return text => text.replaceAll('{{env}}', () => name)
}

/** Reads all settings. An empty or blank variable counts as not set. */
export const readSettings = (
  settings: readonly Setting<unknown>[],
  env: Environment,
  readFile: ReadFile,
): ReadonlyMap<Setting<unknown>, Reading> => {
  const expand = expansion(settings, env)
  const read = (setting: Setting<unknown>): Reading => {
    switch (setting.kind) {
      case 'plain':
        return readPlain(setting, env, expand)
      case 'secret':
        return readSecret(setting, env, readFile)
      case 'file':
        return readFileSetting(setting, env, expand, readFile)
    }
  }
  return new Map(settings.map(setting => [setting, read(setting)]))
}
