import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { root } from '../ensure-installed.mjs'
import { compiled } from './files.mjs'
import { stepWith } from './step.mjs'
import { alone } from './unit-tests.mjs'

// The image's major version; npm has the binaries of each platform as packages.
const version = '24.9.0'

/** Whether this process has that major version too, so that its tests need no second run. */
export const isNode24 = process.versions.node.split('.')[0] === version.split('.')[0]

const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
const folder = `${root}.servers/node-${version}`
const node = `${folder}/node_modules/${name}/bin/node`

const install = async () => {
  if (existsSync(node)) return
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error']
  await promisify(execFile)('npm', ['install', '--prefix', folder, ...quiet, `${name}@${version}`])
}

// These check the sources, which are the same on each version.
const sources = 'test/lint/'

/** Runs the unit tests again on the Node version of the image, most of them in one process. */
export const unitTestsOnNode24 = async files => {
  await install().catch(error => console.log(`Node ${version} cannot be installed: ${error.stderr ?? error}`))
  const on24 = (what, part) =>
    stepWith(
      { SCHEDULES: '60' },
      `${what} on Node ${version}`,
      node,
      '--test',
      '--test-isolation=none',
      '--test-reporter=spec',
      ...part.map(compiled),
    )
  const together = files.filter(file => !alone.includes(file) && !file.startsWith(sources))
  if (together.length > 0) await on24('unit tests', together)
  for (const file of alone) if (files.includes(file)) await on24(file, [file])
}
