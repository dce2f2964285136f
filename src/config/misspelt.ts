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

/** A warning for each variable that looks like one of `known`, but is not, and so has no effect. */
export const misspelt = (env: Environment, known: readonly string[]): string[] =>
  Object.keys(env)
    .filter(name => (env[name] ?? '') !== '' && name.length <= 100 && !known.includes(name) && !ofKubernetes.test(name))
    .flatMap(name => {
      const most = (candidate: string): number => Math.min(name.length, candidate.length) / 4
      const [nearest] = known
        // The distance, which takes time, is at least the difference of the lengths.
        .filter(candidate => candidate.length >= 6 && Math.abs(name.length - candidate.length) <= most(candidate))
        .map(candidate => ({ candidate, letters: distance(name, candidate) }))
        .filter(({ candidate, letters }) => letters <= most(candidate))
        .sort((a, b) => a.letters - b.letters)
      if (nearest !== undefined) return `${name} is not a setting; did you mean ${nearest.candidate}?`
      return ours.test(name) ? `${name} is not a setting` : []
    })
