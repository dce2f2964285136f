// npm run build: compiles everything into dist, and bundles the product in dist/product.
import { writeFileSync } from 'node:fs'
import { root, run } from './ensure-installed.mjs'
import { removeStaleModules } from './stale-modules.mjs'

removeStaleModules()
run(process.execPath, 'node_modules/typescript-7/bin/tsc', '--project', 'tsconfig.json')
run(process.execPath, 'scripts/bundle.mjs', 'dist/product')
writeFileSync(`${root}dist/.built`, '')
