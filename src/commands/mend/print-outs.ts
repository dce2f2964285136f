/**
 * Texts as they should have been, where a Scala `Option` was printed into the table: `Some(x)` for x, `None` for nothing.
 * A text that is no such print-out stays what it is.
 */
export const mendText = (text: string): string | null => {
  let inner = text
  // To the core, so that mending twice is mending once.
  for (let found = /^Some\(([^]*)\)$/.exec(inner); found !== null; found = /^Some\(([^]*)\)$/.exec(inner)) {
    inner = found[1] ?? ''
  }
  return inner === 'None' || (inner === '' && text !== '') ? null : inner
}

/** A key such as `Some(state)_name`: the print-out is what stands before the last underscore. */
const mendKey = (key: string): string | null => {
  const at = key.lastIndexOf('_')
  if (at < 0) return mendText(key)
  const stem = mendText(key.slice(0, at))
  return stem === null ? null : stem + key.slice(at)
}

/** The same for keys and values of a map; an entry whose key or value was nothing is left out. */
export const mendMap = (map: ReadonlyMap<string, string>): Map<string, string> => {
  const mended = new Map<string, string>()
  for (const [key, value] of map) {
    const [name, text] = [mendKey(key), mendText(value)]
    // Where an entry is there both as it should be and as a print-out, the former stands.
    if (name !== null && text !== null && (name === key || !map.has(name))) mended.set(name, text)
  }
  return mended
}

/** Whether two maps hold the same. */
export const isSameMap = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean =>
  a.size === b.size && [...a].every(([key, value]) => b.get(key) === value)
