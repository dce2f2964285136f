import { parse } from 'dotenv'
import { type Environment } from './read.ts'

/** The `.env` file cannot be used. The message says why. Exit code 78. */
export class EnvFileError extends Error {}

export interface EnvFile {
  readonly values: Environment
  /** Warnings about lines that do not mean what they seem to mean. */
  readonly warnings: readonly string[]
}

const none: EnvFile = { values: {}, warnings: [] }

const reasons: Readonly<Record<string, string>> = {
  EISDIR: 'it is a directory',
  EACCES: 'this user may not read it',
}

const textOf = (bytes: Buffer): string => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch {
    // Not UTF-8.
  }
  throw new EnvFileError('.env is not a text file in UTF-8')
}

const assignment = /^\s*(?:export\s+)?([\w.-]+)(?:\s*=|:\s)\s*([^]*)$/

const closes = (text: string, quote: string): boolean => new RegExp(String.raw`(^|[^\\])${quote}`).test(text)

/** Warnings about lines that dotenv reads differently than they look. They contain no value, which may be a secret. */
const warningsOf = (lines: readonly string[]): string[] => {
  const warnings: string[] = []
  for (let at = 0; at < lines.length; at++) {
    const [line, number] = [lines[at] ?? '', at + 1]
    if (/^\s*(#|$)/.test(line)) continue
    const [, name, value = ''] = assignment.exec(line) ?? []
    const quote = /^['"`]/.exec(value)?.[0]
    if (name === undefined) warnings.push(`.env line ${number} is ignored: it is not NAME=value`)
    else if (quote === undefined) {
      if (/^#|[^\s]#/.test(value)) {
        warnings.push(
          `.env line ${number}: the value of ${name} ends before the #; put it in quotes if the # is part of it`,
        )
      }
    } else if (!closes(value.slice(1), quote)) {
      const end = lines.findIndex((later, index) => index > at && closes(later, quote))
      if (end === -1)
        warnings.push(`.env line ${number}: the value of ${name} begins with a quote that is never closed`)
      else at = end
    }
  }
  return warnings
}

/**
 * Reads the `.env` file; empty if there is none.
 *
 * @throws EnvFileError
 */
export const readEnvFile = (read: () => Buffer): EnvFile => {
  let bytes: Buffer
  try {
    bytes = read()
  } catch (error) {
    const { code = 'unknown error' } = error as { code?: string }
    if (code === 'ENOENT') return none
    throw new EnvFileError(`cannot read .env: ${reasons[code] ?? code}`)
  }
  const text = textOf(bytes)
  return { values: parse(text), warnings: warningsOf(text.split(/\r\n?|\n/)) }
}

/** The file's values, overridden by the environment. An empty or blank variable counts as not set. */
export const over = (env: Environment, file: Environment): Environment => {
  const set = Object.entries(env).filter(([, value]) => (value ?? '').trim() !== '')
  return { ...file, ...Object.fromEntries(set) }
}
