// Who may import whom. `npm run lint` enforces this table, and `npm run docs` copies it to CONTRIBUTING.md.

const middle = ['src/operators', 'src/ledger', 'src/model', 'src/stream']

/**
 * Each folder or file, and what it may import besides itself: folders, files, packages and `node:` modules. Folders that
 * are not in this table may import anything, but nothing in it may import them.
 */
export const layers = {
  streams: ['src/stream/index.ts'],
  'src/stream': ['src/paths.ts', 'node:buffer', 'node:fs/promises'],
  'src/model': ['src/stream'],
  'src/ledger': ['src/model', 'src/stream'],
  'src/operators': ['src/ledger', 'src/model', 'src/stream', 'rxjs'],
  'src/pipeline.ts': [...middle, 'rxjs'],
  'src/audit': ['src/model', 'src/stream', 'node:*'],
  'src/config': ['src/stream', 'dotenv', 'node:crypto', 'node:net'],
  'src/net': ['src/config', 'node:*'],
  'src/kafka': [
    ...middle,
    'src/config',
    'src/net',
    'rxjs',
    'kafkajs',
    '@node-rs/crc32',
    'fzstd',
    'lz4-napi',
    'snappy',
    'node:*',
  ],
  'src/cassandra': [...middle, 'src/config', 'src/net', 'cassandra-driver', 'node:*'],
  'src/observe': [...middle, 'src/config', 'src/paths.ts', 'rxjs', 'prom-client', 'winston', 'node:*'],
  'src/commands': ['src/*', 'rxjs', 'commander', 'node:*'],
  'src/paths.ts': ['node:fs'],
  'src/main.ts': ['src/*', 'rxjs', 'node:*'],
}

const isFolder = place => !/\.[jt]s$/.test(place)
const escaped = text => text.replaceAll('.', '\\.')

/** The path of a table entry, as dependency-cruiser resolves it. */
const pathOf = place => {
  if (place === 'src/*') return '^src/'
  if (place === 'node:*') return '^(node:)?[a-z_/]+$'
  if (place.startsWith('node:')) return `^(node:)?${place.slice(5)}$`
  if (place.startsWith('@') || (!place.includes('/') && place !== 'streams')) return `^node_modules/${place}/`
  return isFolder(place) ? `^${place}/` : `^${escaped(place)}$`
}

export default {
  forbidden: [
    ...Object.entries(layers).map(([place, allowed]) => ({
      name: place,
      comment: `${place} may import: ${allowed.join(', ') || 'nothing'}`,
      severity: 'error',
      from: { path: pathOf(place) },
      to: { pathNot: [place, ...allowed].map(pathOf) },
    })),
    {
      name: 'unlisted',
      comment: 'Every folder in src has a row in the table.',
      severity: 'error',
      from: { path: '^src/', pathNot: Object.keys(layers).map(pathOf) },
      to: {},
    },
    {
      name: 'a stream of its own',
      comment: 'A stream may import only from its own folder.',
      severity: 'error',
      from: { path: '^streams/([^/]+)/' },
      to: { path: '^streams/', pathNot: '^streams/$1/' },
    },
    { name: 'unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'cycle', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
