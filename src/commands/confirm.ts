import { createInterface } from 'node:readline'
import { type Edge } from './edge.ts'

/** Asks a question; true only for "y" or "yes". An end of input and an abort are a no. */
export type Confirm = (question: string, signal: AbortSignal) => Promise<boolean>

/** Asks on the terminal; undefined when standard input is not one, so that nobody can answer. */
export const confirmOn = ({ stdin, stderr }: Pick<Edge, 'stdin' | 'stderr'>): Confirm | undefined => {
  if (stdin.isTTY !== true) return undefined
  return async (question, signal) => {
    stderr.write(`${question} [y/N] `)
    for await (const line of createInterface({ input: stdin, signal })) return /^y(es)?$/i.test(line.trim())
    return false
  }
}
