import { once } from 'node:events'
import { createServer } from 'node:net'

// Below the range of ephemeral ports (from 32768 on Linux). Otherwise, while a killed server's port is free, a client that
// retries may get that same port for its own side, and then connects to itself.
const lowest = 20_000
const count = 12_000

/** Whether this port of this address is free. */
export const isFree = async (port: number, host = '127.0.0.1'): Promise<boolean> => {
  const server = createServer().listen(port, host)
  try {
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}

const taken = new Set<number>()

/** A port that is free on this address, and that this process has not used before. */
export const freePort = async (host = '127.0.0.1'): Promise<number> => {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * count)
    if (taken.has(port)) continue
    taken.add(port)
    if (await isFree(port, host)) return port
  }
}
