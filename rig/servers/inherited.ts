const names = ['PATH', 'NODE_V8_COVERAGE'] as const

/** The part of our environment that a worker in a test inherits: no settings, but coverage is measured with ours. */
export const inherited = (): Record<string, string> =>
  Object.fromEntries(names.flatMap(name => (process.env[name] === undefined ? [] : [[name, process.env[name]]])))
