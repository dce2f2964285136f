import { isIP } from 'node:net'

/** The current text of a secret or a PEM file, which may change while the process runs. */
export type Current = () => string

/**
 * The definition of a setting. The settings of the engine, `.env.example`, docs/settings.md, `config` and error messages all
 * come from it.
 */
export interface Setting<T> {
  readonly variable: string
  /**
   * - `plain`: the variable holds the value; a literal `{{env}}` in it is replaced.
   * - `secret`: never shown; `<variable>_FILE` may name a file with the value instead.
   * - `file`: the variable names a file that contains the value.
   */
  readonly kind: 'plain' | 'secret' | 'file'
  /** Its purpose, in one line. */
  readonly help: string
  /** The default, as in the environment; empty if there is none. */
  readonly fallback: string
  /** The accepted values, as text after "accepted: ". */
  readonly accepts: string
  readonly example: string
  /** Parses a text that is not empty; undefined if it is invalid. For `secret` and `file` the text is the content. */
  readonly parse: (text: string) => T | undefined
}

interface Range {
  readonly fallback: number
  readonly min: number
  readonly max: number
  readonly help: string
}

const whole = (variable: string, { fallback, min, max, help }: Range, unit: string): Setting<number> => ({
  variable,
  kind: 'plain',
  help,
  fallback: String(fallback),
  accepts: `a whole number${unit} from ${min} to ${max}`,
  example: String(fallback),
  parse: text => (/^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined),
})

export const integer = (variable: string, range: Range): Setting<number> => whole(variable, range, '')

/** A time in milliseconds. */
export const duration = (variable: string, range: Range): Setting<number> => whole(variable, range, ' of milliseconds')

/** A size in bytes. */
export const size = (variable: string, range: Range): Setting<number> => whole(variable, range, ' of bytes')

/** A text that matches `pattern` as a whole. */
export const text = (
  variable: string,
  about: {
    readonly fallback: string
    readonly pattern: RegExp
    readonly accepts: string
    readonly example?: string
    readonly help: string
  },
): Setting<string> => ({
  variable,
  kind: 'plain',
  help: about.help,
  fallback: about.fallback,
  accepts: about.accepts,
  example: about.example ?? about.fallback,
  parse: value => (about.pattern.test(value) ? value : undefined),
})

/** Any text, without a default. */
export const optionalText = (
  variable: string,
  about: { readonly example: string; readonly help: string; readonly accepts?: string },
): Setting<string | undefined> => text(variable, { accepts: 'any text', ...about, fallback: '', pattern: /^[^]+$/ })

/** One of a list of words, case-insensitive. */
export const oneOf = <const W extends string>(
  variable: string,
  words: readonly W[],
  { fallback, help }: { readonly fallback: NoInfer<W>; readonly help: string },
): Setting<W> => ({
  variable,
  kind: 'plain',
  help,
  fallback,
  accepts: words.length === 2 ? words.join(' or ') : `one of ${words.join(', ')}`,
  example: words.find(word => word !== fallback) ?? fallback,
  parse: value => words.find(word => word.toLowerCase() === value.toLowerCase()),
})

/** `true` or `false`, by default false. */
export const flag = (variable: string, { help }: { readonly help: string }): Setting<boolean> => {
  const words = oneOf(variable, ['true', 'false'], { fallback: 'false', help })
  const parse = (value: string): boolean | undefined => {
    const word = words.parse(value)
    return word === undefined ? undefined : word === 'true'
  }
  return { ...words, parse }
}

interface ListOf {
  readonly fallback: string
  readonly example: string
  readonly help: string
}

const list = (
  variable: string,
  accepts: string,
  isItem: (item: string) => boolean,
  about: ListOf,
): Setting<readonly string[]> => ({
  variable,
  kind: 'plain',
  ...about,
  accepts: `${accepts}, or several separated by commas`,
  parse: value => {
    const items = value.split(',').map(item => item.trim())
    return items.every(isItem) ? items : undefined
  },
})

const isPort = (port: number): boolean => port >= 1 && port <= 65_535

const isHost = (host: string): boolean => isIP(host) !== 0 || /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?$/.test(host)

/** Servers without a port. */
export const hosts = (variable: string, about: ListOf): Setting<readonly string[]> =>
  list(variable, 'a host name or address', isHost, about)

/** Servers with a port. kafkajs 2.2 splits at the first colon, so an IPv6 address needs a name. */
export const hostsWithPort = (variable: string, about: ListOf): Setting<readonly string[]> => {
  const isServer = (server: string): boolean => {
    const [host = '', port = '', ...rest] = server.split(':')
    return rest.length === 0 && isHost(host) && /^\d{1,5}$/.test(port) && isPort(Number(port))
  }
  return list(variable, 'host:port', isServer, about)
}

const optional = (variable: string, setting: Omit<Setting<Current>, 'variable' | 'fallback'>) =>
  ({ variable, fallback: '', ...setting }) as Setting<Current | undefined>

/** A value that is never shown. */
export const secret = (variable: string, { help }: { readonly help: string }): Setting<Current | undefined> =>
  optional(variable, { kind: 'secret', help, accepts: 'any text', example: '', parse: value => () => value })

/** The path of a PEM file; the value is the content of the file. */
export const pemFile = (
  variable: string,
  about: { readonly example: string; readonly help: string },
): Setting<Current | undefined> =>
  optional(variable, {
    kind: 'file',
    ...about,
    accepts: 'the path of a readable file in PEM format',
    parse: content => (content.includes('-----BEGIN ') ? () => content : undefined),
  })
