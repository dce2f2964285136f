// Brings node_modules and dist up to date where they are missing or older than their sources, so that every npm command
// works in a fresh clone. In a container, where only dist is shipped, there is nothing to do.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const modified = path => (existsSync(root + path) ? statSync(root + path).mtimeMs : 0)
const newest = folder =>
  readdirSync(root + folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.name.endsWith('.ts'))
    .reduce((latest, entry) => Math.max(latest, statSync(`${entry.parentPath}/${entry.name}`).mtimeMs), 0)

const run = (command, ...args) => {
  // What these print is not the command's own output: it goes to standard error.
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (status !== 0) process.exit(status ?? 1)
}

if (modified('node_modules/.package-lock.json') < modified('package-lock.json')) {
  console.error('installing what npm needs ...')
  run('npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error')
}

const sources = ['src', 'streams', 'rig', 'test', 'scripts', 'bench'].filter(folder => existsSync(root + folder))
const changed = Math.max(modified('tsconfig.json'), modified('package-lock.json'), ...sources.map(newest))
if (modified('dist/.tsbuildinfo') < changed) {
  console.error('building ...')
  run(process.execPath, 'node_modules/typescript-7/bin/tsc', '--project', 'tsconfig.json')
}
