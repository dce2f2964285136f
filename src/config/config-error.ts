/** One setting that cannot be used. A secret's value is `***` in it. */
export interface ConfigFault {
  readonly variable: string
  readonly holds: string
  readonly accepts: string
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** All faults of the configuration at once; the message is for people, several lines long, and ends the process with 78. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[], warnings: readonly string[]) {
    super(
      [
        `the configuration has ${plural(faults.length, 'fault')}:`,
        ...faults.map(({ variable, holds, accepts }) => `  ${variable} holds ${holds}; accepted: ${accepts}`),
        ...warnings.map(warning => `  also: ${warning}`),
        'Settings come from the environment and from .env; .env.example describes each.',
      ].join('\n'),
    )
    this.name = 'ConfigError'
    this.faults = faults
  }
}
