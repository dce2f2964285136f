import { type Confirm, confirmOn } from './confirm.ts'
import { type Edge } from './edge.ts'

/** What a command prints to, and whom it can ask. */
export interface Terminal {
  /** Results: standard output. */
  readonly write: (text: string) => void
  /** Progress and complaints: standard error. */
  readonly tell: (text: string) => void
  readonly isTerminal: boolean
  /** Undefined when nobody can answer. */
  readonly confirm: Confirm | undefined
}

export const terminalOf = ({ stdin, stdout, stderr }: Pick<Edge, 'stdin' | 'stdout' | 'stderr'>): Terminal => ({
  write: text => void stdout.write(text),
  tell: text => void stderr.write(text),
  isTerminal: stderr.isTTY === true,
  confirm: confirmOn({ stdin, stderr }),
})
