// Loaded into the worker's process before the worker (node --import): the name `cassandra.rig` has the address that a file
// says now, as in a cluster where a name stays and the nodes behind it come back under other addresses.
import dns from 'node:dns'
import { readFileSync } from 'node:fs'

const file = process.env['NAMES_FILE'] ?? ''
const address = (): string => readFileSync(file, 'utf8').trim()

type Resolve = (name: string, done: (error: Error | null, addresses?: string[]) => void) => void

// What the driver resolves its contact points with (control-connection.js, _resolveAll).
const { resolve4: real } = dns

const resolve4: Resolve = (name, done) => {
  if (name === 'cassandra.rig') done(null, [address()])
  else real(name, done)
}
const resolve6: Resolve = (name, done) => done(new Error(`no address of this kind for ${name}`))

Object.assign(dns, { resolve4, resolve6 })
