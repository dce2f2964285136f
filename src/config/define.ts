import { isIP } from 'node:net'

/**
 * One setting: how its text becomes a value, and all that is said about it. `.env.example`, docs/settings.md,
 * `config` and the messages about faults are made from it.
 */
export interface Setting<T> {
  /**
   * - `plain`: the variable holds the value; a literal `{{env}}` in it is replaced.
   * - `secret`: never shown; may be given by a file instead, which `<variable>_FILE` names.
   * - `file`: the variable names a file, whose content is the value.
   */
  readonly kind: 'plain' | 'secret' | 'file'
  /** What it is for, in one line. */
  readonly help: string
  /** As it would be written in the environment; empty when nothing is set by default. */
  readonly fallback: string
  /** What is accepted, for people, to be read behind "accepted: ". */
  readonly accepts: string
  readonly example: string
  /** The value of a text that is not empty; undefined when it is not accepted. */
  readonly parse: (text: string) => T | undefined
}

/** What a group of settings gives once it is read. */
export type Values<D> = { readonly [V in keyof D]: D[V] extends Setting<infer T> ? T : never }

interface Range {
  readonly fallback: number
  readonly min: number
  readonly max: number
  readonly help: string
}

const whole = ({ fallback, min, max, help }: Range, unit: string): Setting<number> => ({
  kind: 'plain',
  help,
  fallback: String(fallback),
  accepts: `a whole number${unit} from ${min} to ${max}`,
  example: String(fallback),
  parse: text => (/^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined),
})

export const integer = (range: Range): Setting<number> => whole(range, '')

/** A time in milliseconds. */
export const duration = (range: Range): Setting<number> => whole(range, ' of milliseconds')

/** A size in bytes. */
export const size = (range: Range): Setting<number> => whole(range, ' of bytes')

/** A text of which the whole matches `pattern`. */
export const text = (about: {
  readonly fallback: string
  readonly pattern: RegExp
  readonly accepts: string
  readonly example?: string
  readonly help: string
}): Setting<string> => ({
  kind: 'plain',
  help: about.help,
  fallback: about.fallback,
  accepts: about.accepts,
  example: about.example ?? about.fallback,
  parse: value => (about.pattern.test(value) ? value : undefined),
})

/** Any text, and nothing by default. */
export const optionalText = (about: { readonly example: string; readonly help: string }): Setting<string | undefined> =>
  text({ ...about, fallback: '', pattern: /^[^]+$/, accepts: 'any text' })

/** One of a closed list of words, in whatever case. */
export const oneOf = <const W extends string>(
  words: readonly W[],
  { fallback, help }: { readonly fallback: NoInfer<W>; readonly help: string },
): Setting<W> => ({
  kind: 'plain',
  help,
  fallback,
  accepts: words.length === 2 ? words.join(' or ') : `one of ${words.join(', ')}`,
  example: words.find(word => word !== fallback) ?? fallback,
  parse: value => words.find(word => word.toLowerCase() === value.toLowerCase()),
})

/** `true` or `false`, and false by default. */
export const flag = ({ help }: { readonly help: string }): Setting<boolean> => {
  const words = oneOf(['true', 'false'], { fallback: 'false', help })
  const parse = (value: string): boolean | undefined => {
    const word = words.parse(value)
    return word === undefined ? undefined : word === 'true'
  }
  return { ...words, parse }
}

const list = (accepts: string, isItem: (item: string) => boolean, about: ListOf): Setting<readonly string[]> => ({
  kind: 'plain',
  ...about,
  accepts: `${accepts}, several separated by commas`,
  parse: value => {
    const items = value.split(',').map(item => item.trim())
    return items.every(isItem) ? items : undefined
  },
})

interface ListOf {
  readonly fallback: string
  readonly example: string
  readonly help: string
}

const isPort = (port: number): boolean => port >= 1 && port <= 65_535

const isHost = (host: string): boolean => isIP(host) !== 0 || /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?$/.test(host)

/** Servers without their port. */
export const hosts = (about: ListOf): Setting<readonly string[]> => list('a host name or address', isHost, about)

/** Servers with their port. kafkajs 2.2 cuts at the first colon, so an IPv6 address needs a name. */
export const hostsWithPort = (about: ListOf): Setting<readonly string[]> => {
  const isServer = (server: string): boolean => {
    const [host = '', port = '', ...rest] = server.split(':')
    return rest.length === 0 && isHost(host) && /^\d{1,5}$/.test(port) && isPort(Number(port))
  }
  return list('host:port', isServer, about)
}

/** A value that is never shown. */
export const secret = ({ help }: { readonly help: string }): Setting<string | undefined> => ({
  kind: 'secret',
  help,
  fallback: '',
  accepts: 'any text',
  example: '',
  parse: value => value,
})

/** The path of a PEM file; the value is what the file holds. */
export const pemFile = ({
  example,
  help,
}: {
  readonly example: string
  readonly help: string
}): Setting<string | undefined> => ({
  kind: 'file',
  help,
  fallback: '',
  accepts: 'the path of a readable file in PEM format',
  example,
  parse: content => (content.includes('-----BEGIN ') ? content : undefined),
})
