import { type Readable, type Writable } from 'node:stream'
import { type Observable, type SchedulerLike } from 'rxjs'
import { type Environment } from '../config/read.ts'

export type StopSignal = 'SIGINT' | 'SIGTERM'

/** The process, as a command sees it. */
export interface Edge {
  readonly env: Environment
  /** @throws what node:fs throws */
  readonly readFile: (path: string) => Buffer
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Writable & { readonly isTTY?: boolean }
  readonly stderr: Writable & { readonly isTTY?: boolean }
  /** From now on standard output is a log: the command does not fail if it cannot be written. */
  readonly outputIsLog: () => void
  /** Stop signals. Without a subscriber, a signal ends the process. */
  readonly signals: Observable<StopSignal>
  /** Uncaught errors. Without a subscriber, Node prints the error and ends the process. */
  readonly crashes: Observable<unknown>
  readonly clock: SchedulerLike
  readonly random: () => number
  /** Ends the process at once. */
  readonly exit: (code: number) => void
}
