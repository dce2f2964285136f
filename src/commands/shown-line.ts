import { type SchedulerLike } from 'rxjs'

const barWidth = 30
const onTerminalMs = 100
const plainMs = 5000

/** How much is done, from 0 to 1, for people. */
export const bar = (part: number): string => {
  const filled = Math.round(part * barWidth)
  return `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] ${Math.floor(part * 100)} %`
}

/** A line that tells how far something is. */
export interface ShownLine {
  /** @param line makes it; called only when it is shown. It is given the seconds since the begin. */
  at(line: (seconds: number) => string): void
  end(): void
}

/** Shows a line now and then: on a terminal one that is written over, elsewhere one every few seconds. */
export const showLine = (tell: (text: string) => void, isTerminal: boolean, clock: SchedulerLike): ShownLine => {
  const started = clock.now()
  let shown = started
  let open = false
  return {
    at: line => {
      const now = clock.now()
      if (now - shown < (isTerminal ? onTerminalMs : plainMs)) return
      shown = now
      const text = line((now - started) / 1000)
      tell(isTerminal ? `\r\u001b[K${text}` : `${text}\n`)
      open = isTerminal
    },
    end: () => {
      if (open) tell('\r\u001b[K')
      open = false
    },
  }
}
