import { type Configuration } from '../../config/load.ts'
import { type InForce, mask } from '../../config/read.ts'

const preface = `# Every setting in force. Lines that begin with # are defaults, secrets (***) and what is not set.
# Usable as .env and with docker --env-file, once the secrets are filled in.
`

// What .env files and docker --env-file read alike. In the former a # ends a value and quotes are dropped.
const isPlain = (value: string): boolean => !value.includes('#') && !/^['"`]/.test(value)

const lineOf = ({ variable, shown, isDefault }: InForce): string => {
  if (isDefault || shown === mask) return `#${variable}=${shown}\n`
  if (isPlain(shown)) return `${variable}=${shown}\n`
  const quote = ["'", '"', '`'].find(mark => !shown.includes(mark)) ?? "'"
  return `# In quotes for .env; docker --env-file takes quotes for part of the value.\n${variable}=${quote}${shown}${quote}\n`
}

/** Prints what is in force, a line for each setting, in the form of an `.env` file. */
export const printConfig = ({ inForce }: Pick<Configuration, 'inForce'>, write: (text: string) => void): void =>
  write(preface + inForce.map(lineOf).join(''))
