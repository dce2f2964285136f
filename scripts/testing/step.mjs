import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { root } from '../ensure-installed.mjs'
import { report } from './results.mjs'

/** Runs a command that is one test by itself; what it prints is shown when it fails. */
export const step = async (name, command, ...args) => {
  const since = Date.now()
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => (output += text))
  const [status] = await once(child, 'close').catch(error => [(output += error)])
  const good = status === 0
  if (!good) console.log(output)
  report(name, { passed: Number(good), failed: Number(!good) }, since)
}

/** The same for a program of a package. */
export const nodeStep = (name, script, ...args) => step(name, process.execPath, `node_modules/${script}`, ...args)
