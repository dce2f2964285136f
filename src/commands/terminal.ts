import { type Confirm, confirmOn } from './confirm.ts'
import { type Edge } from './edge.ts'

/** A command's outputs, and its way to ask. */
export interface Terminal {
  /** Prints results to standard output. */
  readonly write: (text: string) => void
  /** Prints progress and problems to standard error. */
  readonly tell: (text: string) => void
  readonly isTerminal: boolean
  /** Undefined if nobody can answer. */
  readonly confirm: Confirm | undefined
}

export const terminalOf = ({ stdin, stdout, stderr }: Pick<Edge, 'stdin' | 'stdout' | 'stderr'>): Terminal => ({
  write: text => void stdout.write(text),
  tell: text => void stderr.write(text),
  isTerminal: stderr.isTTY === true,
  confirm: confirmOn({ stdin, stderr }),
})
