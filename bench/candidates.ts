import { join } from 'node:path'
import { entryPoint, productIn } from '../rig/product.ts'
import { projectFolder } from '../rig/servers/folders.ts'

export const candidateNames = ['worker', 'other', 'batched', 'one-by-one', 'read', 'write'] as const
export type CandidateName = (typeof candidateNames)[number]

/** A program to measure, run as a process of its own. */
export interface Candidate {
  readonly name: CandidateName
  readonly what: string
  readonly main: string
  /** The same program as separate files, so that a profile shows which of them takes the time. */
  readonly unbundled?: string
  readonly nodeOptions: readonly string[]
  /**
   * How to see its first and its last record: by the rows in the table or, if it does not write rows, by the lines `first`
   * and `last` of the program itself.
   */
  readonly seenBy: 'rows' | 'lines'
  /** The share of the events that it drains. Slow candidates drain less. */
  readonly share: number
}

// As in the image.
const workerOptions = entryPoint().slice(1, -1)

const built = (...path: string[]): string => join(projectFolder, 'dist', ...path)

/** All candidates by name; `against` is the folder of another checkout. */
export const candidates = (against: string | undefined): Readonly<Record<CandidateName, Candidate>> => ({
  worker: {
    name: 'worker',
    what: 'this worker with its default settings',
    main: productIn(projectFolder),
    unbundled: built('src', 'main.js'),
    nodeOptions: workerOptions,
    seenBy: 'rows',
    share: 1,
  },
  other: {
    name: 'other',
    what: `the worker of ${against ?? 'another checkout'}`,
    main: productIn(against ?? projectFolder),
    nodeOptions: workerOptions,
    seenBy: 'rows',
    share: 1,
  },
  batched: {
    name: 'batched',
    what: 'hand-written: eachBatch, grouped by programme, unlogged batches of 100, 16 at once',
    main: built('bench', 'loops', 'batched.js'),
    nodeOptions: [],
    seenBy: 'rows',
    share: 1,
  },
  'one-by-one': {
    name: 'one-by-one',
    what: 'hand-written: eachMessage and one awaited prepared INSERT',
    main: built('bench', 'loops', 'one-by-one.js'),
    nodeOptions: [],
    seenBy: 'rows',
    share: 0.2,
  },
  read: {
    name: 'read',
    what: 'kafkajs alone: reading and JSON.parse',
    main: built('bench', 'loops', 'read.js'),
    nodeOptions: [],
    seenBy: 'lines',
    share: 1,
  },
  write: {
    name: 'write',
    what: 'the driver alone: writing ready rows in batches of 100, 16 at once',
    main: built('bench', 'loops', 'write.js'),
    nodeOptions: [],
    seenBy: 'lines',
    share: 1,
  },
})
