import { type Command } from 'commander'
import { type Edge } from './edge.ts'

/** Adds one command to the program. `done` sets the exit code, which is 0 by default. */
export type AddCommand = (program: Command, edge: Edge, done: (code: number) => void) => void
