import { readdirSync } from 'node:fs'
import { root } from '../ensure-installed.mjs'

/** Tests with real servers, the longest first. */
const withServers = [
  'test/faults/fast.test.ts',
  'test/faults/three-nodes.test.ts',
  'test/integration/security.test.ts',
  'test/integration/whole-way.test.ts',
  'test/integration/observability.test.ts',
  'test/integration/dead-letters.test.ts',
  'test/integration/mend.test.ts',
  'test/browser/page.test.ts',
]
const folders = ['test/integration/', 'test/browser/']

/** Tests without servers that install, compile or start programs, which is too slow for the quick run. */
const slow = ['image', 'package', 'chart']
  .map(name => `test/deploy/${name}.test.ts`)
  .concat('test/docs/add-a-stream.test.ts', 'test/scripts/checkout.test.ts')

const needsServers = name => withServers.includes(name) || folders.some(folder => name.startsWith(folder))

// A file that is not in the list comes last.
const rank = name => (withServers.indexOf(name) + withServers.length + 1) % (withServers.length + 1)

/** The test files whose path contains one of these texts, or all files without any text. */
export const testFiles = parts => {
  const all = readdirSync(`${root}test`, { recursive: true })
    .map(name => `test/${name}`)
    .filter(name => name.endsWith('.test.ts'))
    .filter(name => parts.length === 0 || parts.some(part => name.includes(part)))
    .sort()
  const without = all.filter(name => !needsServers(name))
  return {
    unit: without.filter(name => !slow.includes(name)),
    slow: without.filter(name => slow.includes(name)),
    withServers: all.filter(needsServers).sort((a, b) => rank(a) - rank(b)),
  }
}

export const compiled = name => `${root}dist/${name.replace(/\.ts$/, '.js')}`
