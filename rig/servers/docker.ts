import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { setTimeout as pause } from 'node:timers/promises'
import { projectFolder } from './folders.ts'
import { probeCassandra, probeKafka } from './probes.ts'

const execute = promisify(execFile)

// Its own project name, so that containers that somebody else started from the same file are left alone.
const compose = (...args: string[]): Promise<unknown> =>
  execute('docker', ['compose', '--project-name', 'sunbird-streams-servers', ...args], { cwd: projectFolder })

/** Whether `docker compose` is installed and its engine answers. */
export const isDockerThere = async (): Promise<boolean> => {
  try {
    await compose('version')
    await execute('docker', ['info'])
    return true
  } catch {
    return false
  }
}

const startDeadlineMs = 180_000

const until = async (probe: () => Promise<void>, deadline: number): Promise<void> => {
  for (;;) {
    try {
      await probe()
      return
    } catch (error) {
      if (Date.now() > deadline) throw error
      await pause(500)
    }
  }
}

export const dockerKafka = { host: 'localhost', port: 9092 }
export const dockerCassandra = { host: 'localhost', port: 9042 }

/** Stops both containers and removes them with their data. */
export const composeDown = async (): Promise<void> => {
  await compose('down', '--volumes')
}

/**
 * Starts the services `kafka` and `cassandra` of compose.yaml, which publish the ports above. Resolves when both are ready.
 *
 * @throws Error with Docker's message if it fails, or if one is not ready within 3 minutes
 */
export const composeUp = async (): Promise<void> => {
  try {
    await compose('up', '--detach', 'kafka', 'cassandra')
    const deadline = Date.now() + startDeadlineMs
    await until(() => probeKafka(dockerKafka.host, dockerKafka.port), deadline)
    await until(() => probeCassandra(dockerCassandra.host, dockerCassandra.port), deadline)
  } catch (error) {
    await composeDown().catch(() => undefined)
    throw error
  }
}
