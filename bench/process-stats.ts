import { readFile } from 'node:fs/promises'

// USER_HZ, which is fixed for /proc on Linux (proc(5)).
const ticksPerSecond = 100

/** The CPU time of a process in seconds, user and system, with a resolution of 10 ms. */
export const cpuSeconds = async (pid: number): Promise<number> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The name, in parentheses, may contain spaces. utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

/** The peak resident memory of a process in MB (1,048,576 bytes). */
export const peakMb = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  if (kilobytes === undefined) throw new Error('this system does not report the peak memory of a process')
  return Number(kilobytes) / 1024
}
