import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { root } from '../ensure-installed.mjs'
import { fileLimitMs, runIsOver } from './limits.mjs'
import { report } from './results.mjs'

/** The environment of a step. Its coverage does not matter, and would cost time. */
const inherited = () => {
  const environment = { ...process.env }
  delete environment.NODE_V8_COVERAGE
  return environment
}

/** Runs a command as one test, with these environment variables too. Its output is printed if it fails. */
export const stepWith = async (variables, name, command, ...args) => {
  const since = Date.now()
  const env = { ...inherited(), ...variables }
  const limits = { signal: runIsOver, timeout: fileLimitMs }
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], ...limits })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => (output += text))
  const [status, signal] = await once(child, 'close').catch(error => [(output += error)])
  const good = status === 0
  if (signal) output += `\nended by ${signal}; the limit is ${fileLimitMs / 60_000} minutes`
  if (!good) console.log(output)
  report(name, { passed: Number(good), failed: Number(!good) }, since)
}

export const step = (name, command, ...args) => stepWith({}, name, command, ...args)

/** The same for a program of an npm package. */
export const nodeStep = (name, script, ...args) => step(name, process.execPath, `node_modules/${script}`, ...args)
