import { type SchedulerLike, type Subscription } from 'rxjs'
import { type Lines } from './log.ts'
import { type Level } from './log-line.ts'

export interface Sampling {
  /** How many lines of one message are logged in each span. */
  readonly burst: number
  /** The span in milliseconds, which the first line of a message starts. */
  readonly perMs: number
}

interface Span {
  lines: number
  readonly close: () => void
  readonly timer: Subscription
}

export interface SampledLines extends Lines {
  /** Logs the counts of the current spans. Later lines are ignored. */
  end(): void
}

/**
 * A log that limits repeated messages. In a span it logs `burst` lines of the same level and message. It counts the others,
 * and logs the count at the end of the span.
 */
export const sampled = (log: Lines, { burst, perMs }: Sampling, clock: SchedulerLike): SampledLines => {
  const spans = new Map<string, Span>()
  let ended = false

  const open = (key: string, level: Level, message: string): Span => {
    const close = (): void => {
      spans.delete(key)
      const leftOut = span.lines - burst
      if (leftOut > 0) log[level](`${message} (${leftOut} more in ${perMs / 1000} s)`, { leftOut })
    }
    const span: Span = { lines: 0, close, timer: clock.schedule(close, perMs) }
    spans.set(key, span)
    return span
  }

  const say =
    (level: Level): Lines['info'] =>
    (message, facts) => {
      if (ended) return
      const key = `${level} ${message}`
      const span = spans.get(key) ?? open(key, level, message)
      span.lines += 1
      if (span.lines <= burst) log[level](message, facts)
    }

  const end = (): void => {
    ended = true
    for (const { timer, close } of spans.values()) {
      timer.unsubscribe()
      close()
    }
  }

  return { error: say('error'), warn: say('warn'), info: say('info'), debug: say('debug'), end }
}
