/** Arguments that make no sense; the message says which, and what would. Ends the process with 64. */
export class UsageError extends Error {}
