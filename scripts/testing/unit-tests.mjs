import { runTogether } from './run-files.mjs'

/** Files that measure their whole process. */
export const alone = ['test/cost.test.ts']

/**
 * Runs the unit tests in a few processes, because a process for each file would spend most of its time on the start.
 *
 * @param lanes the number of processes at the same time
 */
export const runUnitTests = async (files, lanes) => {
  const together = files.filter(file => !alone.includes(file))
  const shares = Array.from({ length: lanes }, (_, lane) => together.filter((_, index) => index % lanes === lane))
  await Promise.all(shares.filter(share => share.length > 0).map(runTogether))
  for (const file of alone) if (files.includes(file)) await runTogether([file])
}
