import { existsSync } from 'node:fs'

/** The streams, one folder each, as they were built with this code. */
export const streamsFolder = new URL('../streams/', import.meta.url)

const above = (folder: URL): URL =>
  existsSync(new URL('package.json', folder)) ? folder : above(new URL('../', folder))

/** The folder of this package, above the sources and every build of them. */
export const packageFolder = above(new URL('./', import.meta.url))
