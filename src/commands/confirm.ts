import { createInterface } from 'node:readline'
import { type Edge } from './edge.ts'

/** Asks a question. True only for "y" or "yes"; end of input and abort mean no. */
export type Confirm = (question: string, signal: AbortSignal) => Promise<boolean>

/** Asks on the terminal; undefined if standard input is not a terminal. */
export const confirmOn = ({ stdin, stderr }: Pick<Edge, 'stdin' | 'stderr'>): Confirm | undefined => {
  if (stdin.isTTY !== true) return undefined
  return async (question, signal) => {
    stderr.write(`${question} [y/N] `)
    for await (const line of createInterface({ input: stdin, signal })) return /^y(es)?$/i.test(line.trim())
    return false
  }
}
