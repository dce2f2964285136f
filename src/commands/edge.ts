import { type Readable, type Writable } from 'node:stream'
import { type Observable, type SchedulerLike } from 'rxjs'
import { type Environment } from '../config/read.ts'

export type StopSignal = 'SIGINT' | 'SIGTERM'

/** What a command has of its process. */
export interface Edge {
  readonly env: Environment
  /** @throws what node:fs throws */
  readonly readFile: (path: string) => Buffer
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Writable & { readonly isTTY?: boolean }
  readonly stderr: Writable & { readonly isTTY?: boolean }
  /** Each signal that asks the process to stop; while nobody subscribes, the signal ends the process. */
  readonly signals: Observable<StopSignal>
  /** Errors that nobody has caught; while nobody subscribes, Node prints the error and ends the process. */
  readonly crashes: Observable<unknown>
  readonly clock: SchedulerLike
  readonly random: () => number
  /** Ends the process at once. */
  readonly exit: (code: number) => void
}
