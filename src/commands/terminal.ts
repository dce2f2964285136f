import { type Edge } from './edge.ts'

/** What a command prints to. */
export interface Terminal {
  /** Results: standard output. */
  readonly write: (text: string) => void
  /** Progress and complaints: standard error. */
  readonly tell: (text: string) => void
  readonly isTerminal: boolean
}

export const terminalOf = ({ stdout, stderr }: Pick<Edge, 'stdout' | 'stderr'>): Terminal => ({
  write: text => void stdout.write(text),
  tell: text => void stderr.write(text),
  isTerminal: stderr.isTTY === true,
})
