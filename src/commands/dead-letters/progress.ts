import { type SchedulerLike } from 'rxjs'

/** The progress of a replay: messages read, their total, and messages published. */
export interface Progress {
  readonly looked: number
  readonly of: number
  readonly published: number
}

const barWidth = 30
const onTerminalMs = 100
const plainMs = 5000

/** The progress as one line with a bar. */
export const progressLine = ({ looked, of, published }: Progress, seconds: number): string => {
  const part = of === 0 ? 1 : looked / of
  const filled = Math.round(part * barWidth)
  const rate = seconds < 1 ? '' : `, ${Math.round(published / seconds)}/s`
  return `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] ${Math.floor(part * 100)} %  ${looked} of ${of}, ${published} replayed${rate}`
}

/** Shows progress: on a terminal as one line that is updated, elsewhere as a line every few seconds. */
export const showProgress = (
  tell: (text: string) => void,
  isTerminal: boolean,
  clock: SchedulerLike,
): { at(progress: Progress): void; end(): void } => {
  const started = clock.now()
  let shown = started
  let open = false
  return {
    at: progress => {
      const now = clock.now()
      if (now - shown < (isTerminal ? onTerminalMs : plainMs)) return
      shown = now
      const line = progressLine(progress, (now - started) / 1000)
      tell(isTerminal ? `\r\u001b[K${line}` : `${line}\n`)
      open = isTerminal
    },
    end: () => {
      if (open) tell('\r\u001b[K')
    },
  }
}
