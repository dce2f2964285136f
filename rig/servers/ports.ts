import { once } from 'node:events'
import { createServer } from 'node:net'

// Below the range that systems give to outgoing connections (from 32768 on Linux): otherwise, while a killed server's
// port is free, a client that knocks again and again may be given that very port, and then talks to itself.
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

/** A port that is free on this address and that this process has not been given before. */
export const freePort = async (host = '127.0.0.1'): Promise<number> => {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * count)
    if (taken.has(port)) continue
    taken.add(port)
    if (await isFree(port, host)) return port
  }
}
