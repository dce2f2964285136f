import { type RunCommand } from '../../rig/faults/command.ts'
import { command } from '../integration/command.ts'

/** Runs a command of the worker in this process, which saves the start of another one. */
export const inThisProcess: RunCommand = async (env, args) => {
  const { code, output, errors } = await command(env, ...args)
  return { code, says: output + errors }
}
