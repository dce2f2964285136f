// node scripts/bundle.mjs [FOLDER]: builds the product alone into FOLDER (dist), which it empties first, as the image and the npm package contain it.
// All modules become a few files, because loading more than a thousand takes longer than everything else at the start. Only packages
// with a native binary stay outside.
import { readdirSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const streams = readdirSync(`${root}streams`, { withFileTypes: true }).filter(entry => entry.isDirectory())

const folder = resolve(root, process.argv[2] ?? 'dist')

rmSync(folder, { recursive: true, force: true })
await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts', ...streams.map(({ name }) => `streams/${name}/stream.ts`)],
  outbase: '.',
  outdir: folder,
  // Below src, so that a module finds the streams from wherever it ends up.
  chunkNames: 'src/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // RxJS as modules; for Node its package gives CommonJS, which cannot be reduced to what is used.
  alias: { rxjs: `${root}node_modules/rxjs/dist/esm/index.js` },
  external: ['@node-rs/crc32', 'lz4-napi', 'snappy'],
  // For packages in CommonJS.
  banner: {
    js: "import { createRequire as requireIn } from 'node:module'; const require = requireIn(import.meta.url);",
  },
  // Node keeps the text in memory: 4 MB less. Names stay, for stack traces.
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
})
