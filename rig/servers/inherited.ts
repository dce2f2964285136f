const names = ['PATH', 'NODE_V8_COVERAGE'] as const

/** What a worker that is started by a test has of our environment: no settings, but its coverage is measured with ours. */
export const inherited = (): Record<string, string> =>
  Object.fromEntries(names.flatMap(name => (process.env[name] === undefined ? [] : [[name, process.env[name]]])))
