import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Server } from './server.ts'
import { startWatchdog } from './watchdog.ts'

/** A minimal server for tests of this folder. It is ready when its last line is `up`. */
export const toyServer = async (script: string): Promise<{ toy: Server; folder: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'sunbird-toy-'))
  const logFile = join(folder, 'log')
  const probe = async (): Promise<void> => {
    if (!(await readFile(logFile, 'utf8')).endsWith('up\n')) throw new Error('not up')
  }
  const plan = { name: 'Toy', program: process.execPath, args: ['-e', script], logFile, probe }
  return { toy: new Server(plan, startWatchdog(folder)), folder }
}

/** Runs until it is stopped. */
export const patient = `console.log('up'); setInterval(() => {}, 1000)`
