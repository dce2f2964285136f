import { readFile } from 'node:fs/promises'

const types = { html: 'text/html', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' } as const

// The page is served from the sources, even by the build.
const fromBuild = import.meta.url.endsWith('.js')
const folder = new URL(fromBuild ? '../../../../src/observe/page/' : '../page/', import.meta.url)
const packageFile = new URL(fromBuild ? '../../../../package.json' : '../../../package.json', import.meta.url)

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
