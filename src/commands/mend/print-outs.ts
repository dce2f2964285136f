/**
 * Restores a text that was printed as a Scala `Option`: `Some(x)` becomes x, and `None` becomes null. Any other text is
 * unchanged.
 */
export const mendText = (text: string): string | null => {
  let inner = text
  // Removes all levels, so that a second run changes nothing.
  for (let found = /^Some\(([^]*)\)$/.exec(inner); found !== null; found = /^Some\(([^]*)\)$/.exec(inner)) {
    inner = found[1] ?? ''
  }
  return inner === 'None' || (inner === '' && text !== '') ? null : inner
}

/** A key such as `Some(state)_name`: the print-out is before the last underscore. */
const mendKey = (key: string): string | null => {
  const at = key.lastIndexOf('_')
  if (at < 0) return mendText(key)
  const stem = mendText(key.slice(0, at))
  return stem === null ? null : stem + key.slice(at)
}

/** The same for the keys and values of a map. Entries whose key or value is null are removed. */
export const mendMap = (map: ReadonlyMap<string, string>): Map<string, string> => {
  const mended = new Map<string, string>()
  for (const [key, value] of map) {
    const [name, text] = [mendKey(key), mendText(value)]
    // If a correct entry exists besides the print-out, it wins.
    if (name !== null && text !== null && (name === key || !map.has(name))) mended.set(name, text)
  }
  return mended
}

/** Whether two maps are equal. */
export const isSameMap = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean =>
  a.size === b.size && [...a].every(([key, value]) => b.get(key) === value)
