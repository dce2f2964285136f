import { over, readEnvFile } from '../config/env-file.ts'
import { type Configuration, loadSettings } from '../config/load.ts'
import { streamName } from '../config/settings.ts'
import { type Stream } from '../stream/definition.ts'
import { loadStream } from '../stream/load.ts'
import { type Edge } from './edge.ts'

/**
 * The stream named by `STREAM` and its configuration, from the environment and `.env`.
 *
 * @throws ConfigError, EnvFileError, UnknownStream
 */
export const configure = async ({
  env,
  readFile,
}: Pick<Edge, 'env' | 'readFile'>): Promise<{ stream: Stream; configuration: Configuration }> => {
  const file = readEnvFile(() => readFile('.env'))
  const variables = over(env, file.values)
  const stream = await loadStream(streamName(variables))
  const configuration = loadSettings(variables, stream, path => readFile(path).toString('utf8'))
  return { stream, configuration: { ...configuration, warnings: [...file.warnings, ...configuration.warnings] } }
}
