import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'

/** Resolves a name. @throws Error of node:dns, with a code */
export type Lookup = (name: string) => Promise<unknown>

/** The names that cannot be resolved, with the reasons. Addresses are ignored. */
export const unresolved = async (names: readonly string[], resolve: Lookup = lookup): Promise<string[]> => {
  const lookups = names
    .filter(name => isIP(name) === 0)
    .map(async name => {
      try {
        await resolve(name)
        return []
      } catch (error) {
        const { code = 'unknown error' } = error as { code?: string }
        return [`${name} (${code})`]
      }
    })
  return (await Promise.all(lookups)).flat()
}
