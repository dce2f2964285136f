import { type SchedulerLike, type Subscription } from 'rxjs'
import { type Log } from './log.ts'
import { type Level } from './log-line.ts'

export interface Sampling {
  /** How many lines of one message are logged in each span. */
  readonly burst: number
  /** The span in milliseconds, which the first line of a message starts. */
  readonly perMs: number
}

interface Span {
  lines: number
  readonly end: () => void
  readonly timer: Subscription
}

/**
 * A log that limits repeated messages. In a span it logs `burst` lines of the same level and message. It counts the others,
 * and logs the count at the end of the span.
 */
export const sampled = (log: Log, { burst, perMs }: Sampling, clock: SchedulerLike): Log => {
  const spans = new Map<string, Span>()
  let closed = false

  const open = (key: string, level: Level, message: string): Span => {
    const end = (): void => {
      spans.delete(key)
      const leftOut = span.lines - burst
      if (leftOut > 0) log[level](`${message} (${leftOut} more in ${perMs / 1000} s)`, { leftOut })
    }
    const span: Span = { lines: 0, end, timer: clock.schedule(end, perMs) }
    spans.set(key, span)
    return span
  }

  const say =
    (level: Level): Log['info'] =>
    (message, facts) => {
      if (closed) return
      const key = `${level} ${message}`
      const span = spans.get(key) ?? open(key, level, message)
      span.lines += 1
      if (span.lines <= burst) log[level](message, facts)
    }

  const close = async (): Promise<void> => {
    closed = true
    for (const { timer, end } of spans.values()) {
      timer.unsubscribe()
      end()
    }
    await log.close()
  }

  return { error: say('error'), warn: say('warn'), info: say('info'), debug: say('debug'), close }
}
