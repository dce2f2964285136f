// Loaded before the worker in its process (node --import). A file contains the current address of the name `cassandra.rig`, as
// in a cluster whose nodes come back with the same name but another address.
import dns from 'node:dns'
import { readFileSync } from 'node:fs'

const file = process.env['NAMES_FILE'] ?? ''
const address = (): string => readFileSync(file, 'utf8').trim()

type Resolve = (name: string, done: (error: Error | null, addresses?: string[]) => void) => void

// The functions that the driver uses to resolve its contact points (control-connection.js, _resolveAll).
const { resolve4: real } = dns

const resolve4: Resolve = (name, done) => {
  if (name === 'cassandra.rig') done(null, [address()])
  else real(name, done)
}
const resolve6: Resolve = (name, done) => done(new Error(`no address of this kind for ${name}`))

Object.assign(dns, { resolve4, resolve6 })
