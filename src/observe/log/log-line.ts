import { framesOf } from './frames.ts'

export type Level = 'error' | 'warn' | 'info' | 'debug'

/** A log entry. */
export interface Entry {
  readonly level: Level
  readonly message: string
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly time: number
  readonly facts: Readonly<Record<string, unknown>>
}

type Plain = string | number | boolean | null

// Only name and message: clients attach requests, rows and credentials to their errors. The message of a SyntaxError quotes
// the JSON, which is personal data.
const nameAndMessage = (error: Error & { code?: unknown }): string => {
  const code = typeof error.code === 'string' ? error.code : ''
  const message = error instanceof SyntaxError ? '' : error.message || code
  return message === '' ? error.name : `${error.name}: ${message}`
}

const chain = (error: Error): Error[] => {
  const errors: Error[] = []
  for (let next: unknown = error; next instanceof Error && errors.length < 5; next = next.cause) errors.push(next)
  return errors
}

const renderError = (error: Error, withStack: boolean): string => {
  const says = chain(error).map(nameAndMessage).join(', caused by ')
  return withStack ? `${says}\n${framesOf(error)}` : says
}

/** An error for people: its message, those of its causes, and the stack. See nameAndMessage for what is omitted. */
export const describeError = (error: unknown): string =>
  error instanceof Error ? renderError(error, true) : String(error)

const isScalar = (value: unknown): value is Plain =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value)

/**
 * The loggable form of a fact: a scalar, an error, a list of scalars, or counts by name. Anything else is not shown, because
 * it might be an event.
 */
const renderFact = (value: unknown, withStack: boolean): Plain | Plain[] | Record<string, number> | undefined => {
  if (value === undefined || isScalar(value)) return value
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Error) return renderError(value, withStack)
  if (Array.isArray(value)) return value.every(isScalar) ? value : `[${value.length} items]`
  if (typeof value !== 'object' || !isCounts(value)) return '[not shown]'
  return { ...value }
}

const isCounts = (value: object): value is Record<string, number> =>
  Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(count => typeof count === 'number')

const renderFacts = (facts: Entry['facts'], withStack: boolean): [name: string, value: unknown][] =>
  Object.entries(facts).flatMap(([name, fact]): [string, unknown][] => {
    const value = renderFact(fact, withStack)
    return value === undefined ? [] : [[name, value]]
  })

/** One JSON object on one line. Facts cannot override time, level and message. */
export const jsonLine = ({ time, level, message, facts }: Entry, withStack: boolean): string => {
  const says = { time: new Date(time).toISOString(), level, message }
  return JSON.stringify({ ...says, ...Object.fromEntries(renderFacts(facts, withStack)), ...says })
}

const colours: Readonly<Record<Level, number>> = { error: 31, warn: 33, info: 32, debug: 90 }

// Control characters could forge lines or colours on a terminal.
const printable = (text: string): string => text.replace(/\p{Cc}+/gu, ' ')

/** A line for people: UTC time of day, level, message and facts, and below it the stacks of errors. */
export const prettyLine = ({ time, level, message, facts }: Entry, withStack: boolean, inColour: boolean): string => {
  const word = level.padEnd(5)
  const painted = inColour ? `\u001b[${colours[level]}m${word}\u001b[0m` : word
  const says = renderFacts(facts, false).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const errors = Object.values(facts).filter(fact => fact instanceof Error)
  const stacks = withStack ? errors.map(error => `\n${framesOf(error)}`) : []
  const line = [new Date(time).toISOString().slice(11, 23), painted, message, ...says]
  return line.map((part, index) => (index === 1 ? part : printable(part))).join(' ') + stacks.join('')
}
