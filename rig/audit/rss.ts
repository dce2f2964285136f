import { type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'

const everyMs = 250

/** Watches the memory of a process. Resolves with the maximum in MB once the process has ended. Linux only. */
export const watchRss = (child: ChildProcess): Promise<number> =>
  new Promise(resolve => {
    let most = 0
    const timer = setInterval(() => {
      try {
        const [, kb = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8')) ?? []
        most = Math.max(most, Number(kb) / 1024)
      } catch {
        // It has ended.
      }
    }, everyMs)
    child.once('close', () => {
      clearInterval(timer)
      resolve(Math.round(most))
    })
  })
