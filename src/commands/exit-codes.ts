/** The exit codes of all commands, as in sysexits.h and shells. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  cannotTell: 2,
  usage: 64,
  noInput: 66,
  configuration: 78,
  SIGINT: 130,
  SIGTERM: 143,
} as const

/** The meaning of each exit code. The help texts and docs/operate.md show this table. */
export const exitCodeMeanings: readonly (readonly [codes: string, meaning: string])[] = [
  ['0', 'success; for run: stopped, and everything read is written and committed'],
  [
    '1',
    'failed: a check failed, a server cannot be used, or the worker could not finish its work; for audit: table and topic do not match',
  ],
  ['2', 'audit only: it cannot tell whether they match'],
  ['64', 'wrong arguments'],
  ['66', 'the input cannot be read, or there is no such dead letter'],
  ['78', 'wrong configuration; all faults are listed'],
  ['130, 143', 'interrupted by SIGINT, SIGTERM; the current operation was finished'],
]
