import { type Configuration, loadSettings } from '../config/load.ts'
import { streamName } from '../config/settings.ts'
import { type Stream } from '../stream/definition.ts'
import { loadStream } from '../stream/load.ts'
import { type Edge } from './edge.ts'

/**
 * The stream that `STREAM` names, and its configuration.
 *
 * @throws ConfigError, UnknownStream
 */
export const configure = async ({
  env,
  readFile,
}: Pick<Edge, 'env' | 'readFile'>): Promise<{ stream: Stream; configuration: Configuration }> => {
  const stream = await loadStream(streamName(env))
  return { stream, configuration: loadSettings(env, stream, readFile) }
}
