/** Wrong arguments. The message says what to use instead. Exit code 64. */
export class UsageError extends Error {}

/** The input cannot be read. The message says why. Exit code 66. */
export class NoInput extends Error {}
