import { type Settings } from '../config/settings.ts'
import { type Stream } from '../stream/definition.ts'
import { configure } from './configure.ts'
import { type Edge } from './edge.ts'
import { interruptible } from './interruptible.ts'
import { type Terminal, terminalOf } from './terminal.ts'

/** A command for operators, with the worker's settings. Returns the exit code. */
export type Tool = (stream: Stream, settings: Settings, terminal: Terminal, signal: AbortSignal) => Promise<number>

/**
 * Configures a tool and runs it until it is done or interrupted.
 *
 * @throws ConfigError, UnknownStream, and Fault if a server cannot be used
 */
export const runTool = async (edge: Edge, tool: Tool): Promise<number> => {
  const terminal = terminalOf(edge)
  const { stream, configuration } = await configure(edge)
  for (const warning of configuration.warnings) terminal.tell(`${warning}\n`)
  return interruptible(edge, signal => tool(stream, configuration.settings, terminal, signal))
}
