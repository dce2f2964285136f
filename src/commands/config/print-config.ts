import { type Configuration } from '../../config/load.ts'
import { type InForce, mask } from '../../config/read.ts'

const preface = `# All settings in force. Lines that begin with # are defaults, secrets (***) and settings without a value.
# Fill in the secrets to use this as .env or with docker --env-file.
`

// Whether .env files and docker --env-file read it alike. In .env a # ends a value, and quotes are removed.
const isPlain = (value: string): boolean => !value.includes('#') && !/^['"`]/.test(value)

const lineOf = ({ variable, shown, isDefault }: InForce): string => {
  if (isDefault || shown === mask) return `#${variable}=${shown}\n`
  if (isPlain(shown)) return `${variable}=${shown}\n`
  const quote = ["'", '"', '`'].find(mark => !shown.includes(mark)) ?? "'"
  return `# Quoted for .env; docker --env-file treats quotes as part of the value.\n${variable}=${quote}${shown}${quote}\n`
}

/** Prints the settings in force as an `.env` file. */
export const printConfig = ({ inForce }: Pick<Configuration, 'inForce'>, write: (text: string) => void): void =>
  write(preface + inForce.map(lineOf).join(''))
