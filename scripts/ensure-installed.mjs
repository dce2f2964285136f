// Updates node_modules if it is missing or older than package-lock.json, so that every npm command works in a fresh clone. In
// a container, where there is nothing to install, it does nothing.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
export const modified = path => (existsSync(root + path) ? statSync(root + path).mtimeMs : 0)

/** Their output goes to standard error, because it is not the output of the npm command. */
export const run = (command, ...args) => {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (status !== 0) process.exit(status ?? 1)
}

if (modified('node_modules/.package-lock.json') < modified('package-lock.json')) {
  console.error('installing npm packages ...')
  run('npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error')
}
