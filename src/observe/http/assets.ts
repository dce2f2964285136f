import { readFile } from 'node:fs/promises'
import { packageFolder } from '../../paths.ts'

const types = { html: 'text/html', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' } as const

// The page is served from the sources, even by a build.
const folder = new URL('src/observe/page/', packageFolder)
const packageFile = new URL('package.json', packageFolder)

const names = [
  'index.html',
  'page.css',
  'page.js',
  'picture.js',
  'layout.js',
  'charts.js',
  'tables.js',
  'format.js',
  'icon.svg',
]

export interface Asset {
  readonly type: string
  readonly body: Buffer
}

/**
 * The page's files by path.
 *
 * @throws Error of node:fs if one is missing
 */
export const loadAssets = async (): Promise<ReadonlyMap<string, Asset>> => {
  const load = async (name: string): Promise<[string, Asset]> => {
    const type = types[name.split('.').at(-1) as keyof typeof types]
    const body = await readFile(new URL(name, folder))
    return [name === 'index.html' ? '/' : `/${name}`, { type: `${type}; charset=utf-8`, body }]
  }
  return new Map(await Promise.all(names.map(load)))
}

/** The version of this package. */
export const packageVersion = async (): Promise<string> => {
  const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { version: string }
  return version
}
