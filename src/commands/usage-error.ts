/** Arguments that make no sense; the message says which, and what would. Ends the process with 64. */
export class UsageError extends Error {}

/** An input that cannot be read; the message says which, and why. Ends the process with 66. */
export class NoInput extends Error {}
