import { type SchedulerLike } from 'rxjs'

const barWidth = 30
const onTerminalMs = 100
const plainMs = 5000

/** A progress bar for a share from 0 to 1. */
export const bar = (part: number): string => {
  const filled = Math.round(part * barWidth)
  return `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] ${Math.floor(part * 100)} %`
}

/** A progress line. */
export interface ShownLine {
  /** @param line creates the text, given the seconds since the start; called only when the line is shown */
  at(line: (seconds: number) => string): void
  end(): void
}

/** Shows progress: on a terminal a line that is overwritten, elsewhere a new line every few seconds. */
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
