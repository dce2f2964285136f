import { type Configuration, loadSettings } from '../../src/config/load.ts'
import { ConfigError } from '../../src/config/config-error.ts'

export const stream = {
  defaults: {
    topic: '{{env}}.things',
    deadLetterTopic: '{{env}}.things.failed',
    groupId: '{{env}}-things-group',
    keyspace: 'things',
    table: 'thing',
  },
}

/** A file system with these files. */
export const files =
  (contents: Readonly<Record<string, string>>) =>
  (path: string): string => {
    const content = contents[path]
    if (content === undefined) throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' })
    return content
  }

export const load = (
  env: Readonly<Record<string, string | undefined>>,
  contents: Readonly<Record<string, string>> = {},
): Configuration => loadSettings(env, stream, files(contents))

/** The lines of the error for this environment. */
export const refusal = (
  env: Readonly<Record<string, string | undefined>>,
  contents: Readonly<Record<string, string>> = {},
): string[] => {
  try {
    load(env, contents)
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n')
    throw error
  }
  throw new Error('this environment was not rejected')
}
