import { type Environment, type EnvironmentOptions, openEnvironment } from './environment.ts'

/** Something to do with these servers. Items with the same key share them. */
export interface Item<T> {
  readonly item: T
  readonly servers: EnvironmentOptions
  readonly key: string
}

type End = 'front' | 'back'

/** Takes the next item, if possible one for these servers. */
const take = <T>(left: Item<T>[], end: End, key: string | undefined): Item<T> | undefined => {
  const isSame = (item: Item<T>): boolean => item.key === key
  const same = end === 'front' ? left.findIndex(isSame) : left.findLastIndex(isSame)
  const [next] = left.splice(same >= 0 ? same : end === 'front' ? 0 : -1, 1)
  return next
}

/**
 * Does one item after another in environments of its own, which it opens and closes. The first lane takes items from the front
 * of `left`, the second from the back, so that a long item at the back does not start last.
 */
const lane = async <T>(
  left: Item<T>[],
  end: End,
  each: (item: T, environment: Environment) => Promise<void>,
  progress: (line: string) => void,
): Promise<void> => {
  let open: { readonly key: string; readonly environment: Environment } | undefined
  const next = (): Item<T> | undefined => take(left, end, open?.key)
  const close = async (): Promise<void> => {
    await open?.environment.close()
    open = undefined
  }
  try {
    for (let work = next(); work !== undefined; work = next()) {
      const { item, servers, key } = work
      if (open?.key !== key) {
        await close()
        progress(`starting brokers: ${servers.brokers}, Cassandra nodes: ${servers.nodes ?? 1} ...`)
        open = { key, environment: await openEnvironment(servers) }
      }
      await each(item, open.environment)
    }
  } finally {
    await close()
  }
}

/** Does everything in this number of lanes. If a lane fails, the others end first. */
export const inLanes = async <T>(
  lanes: 1 | 2,
  items: readonly Item<T>[],
  each: (item: T, environment: Environment) => Promise<void>,
  progress: (line: string) => void,
): Promise<void> => {
  const left = [...items]
  const ends = (['front', 'back'] as const).slice(0, lanes)
  const ended = await Promise.allSettled(ends.map(end => lane(left, end, each, progress)))
  for (const one of ended) if (one.status === 'rejected') throw one.reason
}
