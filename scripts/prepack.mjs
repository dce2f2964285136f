// Runs before `npm pack`: builds the product alone, into an empty dist.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
rmSync(`${root}dist`, { recursive: true, force: true })
const args = ['node_modules/typescript-7/bin/tsc', '--project', 'tsconfig.build.json']
// Standard output is for npm, so this prints to standard error.
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] })
process.exitCode = status ?? 1
