import { type StreamDefaults } from '../stream/definition.ts'
import { ConfigError } from './config-error.ts'
import { misspelt } from './misspelt.ts'
import { type Environment, type InForce, type ReadFile, readSettings } from './read.ts'
import { brokenRules } from './rules.ts'
import { definition, type Settings } from './settings.ts'
import { settingsOf, valuesOf } from './tree.ts'

export interface Configuration {
  readonly settings: Settings
  /** All settings, with masked secrets. */
  readonly inForce: readonly InForce[]
  /** Warnings about variables that look like settings but have no effect. */
  readonly warnings: readonly string[]
}

/**
 * Loads the configuration of a worker for this stream.
 *
 * @throws ConfigError with all faults
 */
export const loadSettings = (
  env: Environment,
  stream: { readonly defaults: StreamDefaults },
  readFile: ReadFile,
): Configuration => {
  const tree = definition(stream.defaults)
  const all = settingsOf(tree)
  const readings = readSettings(all, env, readFile)
  const inForce = [...readings.values()].map(reading => reading.inForce)
  const faults = [...readings.values()].flatMap(({ fault }) => fault ?? [])
  const names = all.flatMap(({ variable, kind }) => (kind === 'secret' ? [variable, `${variable}_FILE`] : [variable]))
  const warnings = misspelt(env, names)
  const settings: Settings = valuesOf(tree, setting => readings.get(setting)?.value)
  const together = [...faults, ...brokenRules(settings, inForce, faults)]
  if (together.length > 0) throw new ConfigError(together, warnings)
  return { settings, inForce, warnings }
}
