import { existsSync, readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { fileURLToPath } from 'node:url'

const place = /(?<url>file:\/\/[^\s()]+?):(?<line>\d+):(?<column>\d+)/

const mapBeside = (url: string): SourceMap | undefined => {
  const file = `${fileURLToPath(url)}.map`
  return existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as SourceMapPayload) : undefined
}

/**
 * The frames of an error's stack, a line each, with places in the sources instead of the bundle. Without the lines before the
 * frames, which repeat the message.
 *
 * Node's `--enable-source-maps` is not used: RxJS and KafkaJS read the stack of a fault too, and then Node keeps the parsed map of
 * the bundle, 57 MB. Here a map is read for the log line that shows the stack, and is free afterwards.
 */
export const framesOf = ({ stack = '' }: Error): string => {
  const maps = new Map<string, SourceMap | undefined>()
  const inSources = (frame: string): string =>
    frame.replace(place, (bundled: string, url: string, line: string, column: string) => {
      if (!maps.has(url)) maps.set(url, mapBeside(url))
      const origin = maps.get(url)?.findOrigin(Number(line), Number(column))
      if (origin === undefined || !('fileName' in origin)) return bundled
      return `${fileURLToPath(new URL(origin.fileName, url))}:${origin.lineNumber}:${origin.columnNumber}`
    })
  return stack
    .split('\n')
    .filter(line => line.startsWith('    at '))
    .map(inSources)
    .join('\n')
}
