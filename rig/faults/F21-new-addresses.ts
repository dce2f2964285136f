import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectFolder } from '../servers/folders.ts'
import { freePort } from '../servers/ports.ts'
import { type FaultCase } from './fault.ts'
import { openProxy } from './proxy.ts'

const names = join(projectFolder, 'dist', 'rig', 'faults', 'names.js')

export const newAddresses: FaultCase = {
  name: 'F21-new-addresses',
  title: 'Cassandra comes back at another address of the same name, and the old one is dead',
  events: 6_000,
  run: async scene => {
    const { cassandra } = scene.environment
    const folder = await mkdtemp(join(tmpdir(), 'sunbird-names-'))
    const file = join(folder, 'address')
    await writeFile(file, '127.0.0.1')
    const port = await freePort()
    const old = await openProxy({ port: cassandra.port }, port)
    const settings = { ML_CASSANDRA_HOST: 'cassandra.rig', ML_CASSANDRA_PORT: String(port), NAMES_FILE: file }
    try {
      scene.startPublishing(300)
      const worker = await scene.startWorker(settings, ['--import', names])
      await scene.untilCommitted(scene.events / 6)
      await old.close()
      await scene.mustSoon('it waits', () => worker.said('waiting for a fault') !== undefined)
      const anew = await openProxy({ port: cassandra.port }, port, '127.0.0.2')
      try {
        await writeFile(file, '127.0.0.2')
        scene.healed()
        await scene.caughtUp(300)
        scene.expect(anew.connections > 0, 'it uses the new address')
        scene.expect(worker.running, 'it is still the same worker')
        await worker.signal('SIGTERM')
      } finally {
        await anew.close()
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  },
}
