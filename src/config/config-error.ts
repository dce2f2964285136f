/** A setting with an invalid value. Secrets are shown as `***`. */
export interface ConfigFault {
  readonly variable: string
  readonly holds: string
  readonly accepts: string
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** All faults of the configuration. The message is for people and has several lines. Exit code 78. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[], warnings: readonly string[]) {
    super(
      [
        `the configuration has ${plural(faults.length, 'fault')}:`,
        ...faults.map(({ variable, holds, accepts }) => `  ${variable} holds ${holds}; accepted: ${accepts}`),
        ...warnings.map(warning => `  also: ${warning}`),
        'Settings come from the environment and from .env. See .env.example.',
      ].join('\n'),
    )
    this.name = 'ConfigError'
    this.faults = faults
  }
}
