import { readFileSync } from 'node:fs'
import { inherited } from '../../rig/servers/inherited.ts'
import { ran } from '../commands/edge.ts'
import { type Env } from './worker.ts'

/** How a command ended, and what it printed. */
export type Ended = Awaited<ReturnType<typeof ran>>

const readFile = (path: string): Buffer => {
  if (path === '.env') throw Object.assign(new Error('tests have no .env'), { code: 'ENOENT' })
  return readFileSync(path)
}

/**
 * Runs a command other than `run` against real servers, in this process, because a process of its own takes longer to start than
 * the command takes to run.
 *
 * @param args the name, such as `dead-letters`, and its options
 */
export const command = (env: Env, ...args: string[]): Promise<Ended> =>
  ran(args, { env: { ...inherited(), ...env }, readFile })
