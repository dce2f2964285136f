import { readFile } from 'node:fs/promises'

// USER_HZ, which Linux fixes for what it shows in /proc (proc(5)).
const ticksPerSecond = 100

/** Seconds of processor time, user and system, that a process has used so far; in steps of 10 ms. */
export const cpuSeconds = async (pid: number): Promise<number> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The name, in parentheses, may hold blanks; utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

/** The largest resident memory that a process has had, in MB (of 1,048,576 bytes). */
export const peakMb = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  if (kilobytes === undefined) throw new Error('this system does not tell the largest memory of a process')
  return Number(kilobytes) / 1024
}
