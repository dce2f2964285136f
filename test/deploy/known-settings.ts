import { type Setting } from '../../src/config/define.ts'
import { definition, defaultStream } from '../../src/config/settings.ts'
import { settingsOf } from '../../src/config/tree.ts'
import { loadStream } from '../../src/stream/load.ts'

/** The variable of every setting; for a secret also the variable of its file. */
export const knownSettings = async (): Promise<Map<string, Setting<unknown>>> => {
  const { defaults } = await loadStream(defaultStream)
  const settings = settingsOf(definition(defaults)).map((setting): [string, Setting<unknown>] => [
    setting.variable,
    setting,
  ])
  const files = settings.filter(([, { kind }]) => kind === 'secret')
  return new Map([
    ...settings,
    ...files.map(([name, setting]): [string, Setting<unknown>] => [`${name}_FILE`, setting]),
  ])
}
