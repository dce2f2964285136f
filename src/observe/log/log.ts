import { type Writable } from 'node:stream'
import { firstValueFrom, fromEvent, race, type SchedulerLike, timer } from 'rxjs'
import { createLogger, format, transports } from 'winston'
import { type Entry, jsonLine, type Level, prettyLine } from './log-line.ts'
import { boundedOutput } from './log-output.ts'

/** The lines of a log. Facts never contain a value of an event. */
export interface Lines {
  error(message: string, facts?: Readonly<Record<string, unknown>>): void
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void
  info(message: string, facts?: Readonly<Record<string, unknown>>): void
  debug(message: string, facts?: Readonly<Record<string, unknown>>): void
}

export interface Log extends Lines {
  /** Resolves when the last line is written, or after two seconds if the output is blocked. Later lines are ignored. */
  close(): Promise<void>
}

/** A log with its own output. */
export interface OpenLog extends Log {
  /** Lines dropped since the start because the output was blocked or failed. */
  readonly linesDropped: number
}

export interface LogSettings {
  readonly level: Level
  /** `auto` is pretty on a terminal and json elsewhere. */
  readonly format: 'auto' | 'json' | 'pretty'
}

const closingMs = 2_000

/** A log that writes to `out`, and does not close it. */
export const openLog = (
  settings: LogSettings,
  out: Writable & { readonly isTTY?: boolean },
  clock: SchedulerLike,
): OpenLog => {
  const onTerminal = out.isTTY === true
  const pretty = settings.format === 'pretty' || (settings.format === 'auto' && onTerminal)
  const line = (entry: Entry): string => {
    // An error at this level may be a bug, so its stack is needed.
    const withStack = settings.level === 'debug' || entry.level === 'error'
    return pretty ? prettyLine(entry, withStack, onTerminal) : jsonLine(entry, withStack)
  }

  let closing: Promise<unknown> | undefined
  let dropped = 0
  let linesDropped = 0
  const sayDropped = (): void => {
    if (dropped === 0 || closing !== undefined) return
    const facts = { dropped }
    dropped = 0
    logger.log({ level: 'warn', message: 'log lines were dropped: the output was blocked', time: clock.now(), facts })
  }
  const output = boundedOutput(out, sayDropped, lines => (linesDropped += lines))
  const logger = createLogger({
    level: settings.level,
    format: format.printf(info => line(info as unknown as Entry)),
    transports: new transports.Stream({ stream: output.stream, eol: '\n' }),
  })

  const say =
    (level: Level): Log['info'] =>
    (message, facts = {}) => {
      if (closing !== undefined || !logger.isLevelEnabled(level)) return
      if (output.hasRoom) logger.log({ level, message, time: clock.now(), facts })
      else {
        dropped += 1
        linesDropped += 1
      }
    }

  const end = (): Promise<unknown> => {
    sayDropped()
    // winston ends its transport, but not the stream behind it.
    logger.once('finish', () => output.stream.end())
    logger.end()
    return firstValueFrom(race(fromEvent(output.stream, 'finish'), timer(closingMs, clock)))
  }
  const close = async (): Promise<void> => {
    closing ??= end()
    await closing
  }

  return {
    ...{ error: say('error'), warn: say('warn'), info: say('info'), debug: say('debug'), close },
    get linesDropped() {
      return linesDropped
    },
  }
}
