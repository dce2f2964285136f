import { type Environment } from './read.ts'

// Prefixes that only we use. A variable without them is suspect only if it is similar to a setting.
const ours = /^(KAFKA|ML_CASSANDRA|CASSANDRA)_/

// Kubernetes sets these for each Service, such as KAFKA_SERVICE_HOST or KAFKA_PORT_9092_TCP.
const ofKubernetes = /_SERVICE_(HOST|PORT)(_\w+)?$|_PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?$/

/** The Levenshtein distance. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/** How often each letter is in a name. Letters that share a place only make the bound below smaller. */
const lettersOf = (name: string): Uint8Array => {
  const counts = new Uint8Array(32)
  for (let at = 0; at < name.length; at++)
    counts[name.charCodeAt(at) & 31] = (counts[name.charCodeAt(at) & 31] ?? 0) + 1
  return counts
}

/** How many letters of `a` are not in `b`. The distance is at least that, and takes much longer to find. */
const missing = (a: Uint8Array, b: Uint8Array): number => {
  let count = 0
  for (let place = 0; place < 32; place++) count += Math.max(0, (a[place] ?? 0) - (b[place] ?? 0))
  return count
}

/** A warning for each variable that looks like one of `known`, but is not, and so has no effect. */
export const misspelt = (env: Environment, known: readonly string[]): string[] => {
  const candidates = known.filter(({ length }) => length >= 6).map(name => ({ name, letters: lettersOf(name) }))
  return Object.keys(env)
    .filter(name => (env[name] ?? '') !== '' && name.length <= 100 && !known.includes(name) && !ofKubernetes.test(name))
    .flatMap(name => {
      const letters = lettersOf(name)
      const [nearest] = candidates
        .map(candidate => ({ ...candidate, most: Math.min(name.length, candidate.name.length) / 4 }))
        .filter(candidate => Math.abs(name.length - candidate.name.length) <= candidate.most)
        .filter(candidate => missing(letters, candidate.letters) <= candidate.most)
        .map(candidate => ({ ...candidate, changes: distance(name, candidate.name) }))
        .filter(({ changes, most }) => changes <= most)
        .sort((a, b) => a.changes - b.changes)
      if (nearest !== undefined) return `${name} is not a setting; did you mean ${nearest.name}?`
      return ours.test(name) ? `${name} is not a setting` : []
    })
}
