import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'

/** What looks a name up. @throws Error of node:dns, with a code */
export type Lookup = (name: string) => Promise<unknown>

/** Which of the names cannot be resolved, each with the reason; addresses are not asked. */
export const unresolved = async (names: readonly string[], resolve: Lookup = lookup): Promise<string[]> => {
  const asked = names
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
  return (await Promise.all(asked)).flat()
}
