import { type Command } from 'commander'
import { type Edge } from './edge.ts'

/** Adds one command to the program; `done` takes the exit code, which is 0 unless it is called. */
export type AddCommand = (program: Command, edge: Edge, done: (code: number) => void) => void
