import { existsSync, readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { fileURLToPath } from 'node:url'

const place = /(?<url>file:\/\/[^\s()]+?):(?<line>\d+):(?<column>\d+)/

const maps = new Map<string, SourceMap | undefined>()

const mapBeside = (url: string): SourceMap | undefined => {
  const file = `${fileURLToPath(url)}.map`
  return existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as SourceMapPayload) : undefined
}

const inSources = (bundled: string, url: string, line: string, column: string): string => {
  try {
    // Kept, because at level debug each fault shows its stack, and reading the map of the bundle takes 190 ms.
    if (!maps.has(url)) maps.set(url, mapBeside(url))
    const origin = maps.get(url)?.findOrigin(Number(line), Number(column))
    if (origin === undefined || !('fileName' in origin)) return bundled
    return `${fileURLToPath(new URL(origin.fileName, url))}:${origin.lineNumber}:${origin.columnNumber}`
  } catch {
    // A damaged map must not hide the error that is being logged.
    maps.set(url, undefined)
    return bundled
  }
}

/**
 * The frames of an error's stack, a line each, with places in the sources instead of the bundle. Without the lines before the
 * frames, which repeat the message.
 *
 * Node's `--enable-source-maps` is not used: RxJS and KafkaJS read the stack of a fault too, and then Node keeps the parsed map of
 * the bundle, 57 MB. Here a map is read when the log first shows a stack.
 */
export const framesOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .filter(line => line.startsWith('    at '))
    .map(frame => frame.replace(place, inSources))
    .join('\n')
