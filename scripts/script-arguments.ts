import { parseArgs, type ParseArgsConfig } from 'node:util'

type Options = NonNullable<ParseArgsConfig['options']>

/**
 * The arguments of a script. Ends the process with the help text: exit code 0 if `--help` asks for it, 64 for wrong arguments.
 */
export const scriptArguments = <const T extends Options>(help: string, options: T, allowPositionals = false) => {
  const all = { ...options, help: { type: 'boolean' } } as T & { help: { type: 'boolean' } }
  try {
    const { values, positionals } = parseArgs({ options: all, allowPositionals })
    if (!('help' in values)) return { values, positionals }
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${help}`)
    process.exit(64)
  }
  process.stdout.write(help)
  process.exit(0)
}
