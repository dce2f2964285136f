import { existsSync } from 'node:fs'

const places = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map(
  platform => `/usr/lib/${platform}/faketime/libfaketimeMT.so.1`,
)

/**
 * The environment of a process whose clock is this many seconds ahead of the machine's, or behind it if negative. Only the
 * time of day is changed; timers are not.
 *
 * @throws Error if libfaketime is not installed
 */
export const clockAhead = (seconds: number): Record<string, string> => {
  const library = places.find(existsSync)
  if (library === undefined) throw new Error('no libfaketime found (Debian, Ubuntu: apt-get install libfaketime)')
  return { LD_PRELOAD: library, FAKETIME: `${seconds < 0 ? '' : '+'}${seconds}s`, FAKETIME_DONT_FAKE_MONOTONIC: '1' }
}
