import { type ConfigFault } from './config-error.ts'
import { type Setting, type Values } from './define.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The text of a file. @throws what node:fs throws; of that only the code is shown. */
export type ReadFile = (path: string) => string

/** What is in force for one setting, as it may be shown to people. */
export interface InForce {
  readonly setting: string
  /** The variable that gives it: the setting's own, or `<setting>_FILE`. */
  readonly variable: string
  /** The value, or `***` for a secret; empty when nothing is set. */
  readonly shown: string
  readonly isDefault: boolean
}

type Definition = Readonly<Record<string, Setting<unknown>>>

interface Reading {
  readonly value?: unknown
  readonly inForce: InForce
  readonly fault?: ConfigFault
}

export const mask = '***'

/** A value as a message shows it: in quotes, on one line, not endless. */
export const quoted = (value: string): string =>
  JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}...` : value)

const given = (env: Environment, variable: string): string => {
  const value = env[variable] ?? ''
  return value.trim() === '' ? '' : value
}

const found = (setting: string, variable: string, shown: string, isDefault: boolean): InForce => ({
  setting,
  variable,
  shown,
  isDefault,
})

const readPlain = (
  name: string,
  setting: Setting<unknown>,
  env: Environment,
  expand: (text: string) => string,
): Reading => {
  const own = given(env, name).trim()
  const text = expand(own || setting.fallback)
  const inForce = found(name, name, text, own === '')
  if (text === '') return { inForce }
  const value = setting.parse(text)
  if (value !== undefined) return { value, inForce }
  const accepts = `${setting.accepts}, for example ${name}=${setting.example}`
  return { inForce, fault: { variable: name, holds: quoted(text), accepts } }
}

const readContent = (
  variable: string,
  name: string,
  setting: Setting<unknown>,
  path: string,
  readFile: ReadFile,
): Reading => {
  const inForce = found(name, variable, path, false)
  const fault = (why: string, accepts: string): Reading => ({
    inForce,
    fault: { variable, holds: `${quoted(path)}, ${why}`, accepts },
  })
  try {
    // Editors and `echo` end a file with a newline that is not part of the secret.
    const content = readFile(path).replace(/\r?\n$/, '')
    if (content === '') return fault('which is empty', 'the path of a file that is not empty')
    const value = setting.parse(content)
    return value === undefined ? fault('which holds something else', setting.accepts) : { value, inForce }
  } catch (error) {
    const { code = 'unknown error' } = error as { code?: string }
    return fault(`which cannot be read (${code})`, 'the path of a file that this user may read')
  }
}

const readSecret = (name: string, setting: Setting<unknown>, env: Environment, readFile: ReadFile): Reading => {
  const variable = `${name}_FILE`
  const secret = given(env, name)
  const path = given(env, variable).trim()
  const inForce = found(name, name, secret === '' ? '' : mask, secret === '')
  if (path === '') return secret === '' ? { inForce } : { value: setting.parse(secret), inForce }
  if (secret === '') return readContent(variable, name, setting, path, readFile)
  return {
    inForce,
    fault: {
      variable: name,
      holds: `${mask} while ${variable} holds ${quoted(path)}`,
      accepts: 'one of the two, not both',
    },
  }
}

const readFileSetting = (
  name: string,
  setting: Setting<unknown>,
  env: Environment,
  expand: (text: string) => string,
  readFile: ReadFile,
): Reading => {
  const path = expand(given(env, name).trim())
  return path === '' ? { inForce: found(name, name, '', true) } : readContent(name, name, setting, path, readFile)
}

/** The environment's name, which `{{env}}` stands for. */
const expansion = (definition: Definition, env: Environment): ((text: string) => string) => {
  const setting = definition['ENV']
  const own = given(env, 'ENV').trim()
  const name = setting?.parse(own) === undefined ? (setting?.fallback ?? '') : own
  return text => text.replaceAll('{{env}}', () => name)
}

/**
 * Reads every setting of the definition. An empty or blank variable counts as not set. Settings at fault have no value;
 * the faults tell of all of them.
 */
export const readSettings = <D extends Definition>(
  definition: D,
  env: Environment,
  readFile: ReadFile,
): { values: Partial<Values<D>>; inForce: readonly InForce[]; faults: readonly ConfigFault[] } => {
  const expand = expansion(definition, env)
  const read = (name: string, setting: Setting<unknown>): Reading => {
    switch (setting.kind) {
      case 'plain':
        return readPlain(name, setting, env, expand)
      case 'secret':
        return readSecret(name, setting, env, readFile)
      case 'file':
        return readFileSetting(name, setting, env, expand, readFile)
    }
  }
  const readings = Object.entries(definition).map(([name, setting]) => read(name, setting))
  return {
    values: Object.fromEntries(readings.map(({ inForce, value }) => [inForce.setting, value])) as Partial<Values<D>>,
    inForce: readings.map(({ inForce }) => inForce),
    faults: readings.flatMap(({ fault }) => fault ?? []),
  }
}
