// npm run bench: see --help.
import { MissingProgram } from '../rig/servers/java.ts'
import { startServers } from '../rig/servers/start.ts'
import { compare, saveBaseline } from './guard.ts'
import { machine } from './machine.ts'
import { help, type Options, readOptions } from './options.ts'
import { type Bench, plans, profiles } from './plans.ts'
import { type Case, profileTable } from './report.ts'
import { save } from './results.ts'
import { openRig } from './rig.ts'

const startedAt = Date.now()
const progress = (line: string): void =>
  console.error(`${((Date.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${line}`)

const withServers = async <T>(options: Options, measure: (bench: Bench) => Promise<T>): Promise<T> => {
  const servers = await startServers({ progress })
  try {
    const rig = await openRig(servers)
    try {
      return await measure({ rig, servers, options, progress })
    } finally {
      await rig.close()
    }
  } finally {
    await servers.stop()
  }
}

/** Returns the exit code. */
const guard = async ({ saveBaseline: keep }: Options, cases: readonly Case[]): Promise<0 | 1> => {
  const measured = cases[0]?.measured
  if (measured === undefined) return 1
  if (keep) {
    await saveBaseline(measured)
    return 0
  }
  const { lines, worse } = await compare(measured)
  console.log(lines.join('\n'))
  return worse ? 1 : 0
}

const main = async (): Promise<0 | 1 | 64> => {
  let options: Options | undefined
  try {
    options = readOptions(process.argv.slice(2))
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${help}`)
    return 64
  }
  if (options === undefined) {
    console.log(help)
    return 0
  }
  const { mode } = options
  if (mode === 'profile') {
    console.log(profileTable(await withServers(options, profiles)))
    return 0
  }
  const cases = await withServers(options, plans[mode])
  const { text, file } = await save(machine(), options, cases)
  console.log(text)
  console.log(`saved: ${file}.txt and .json`)
  return mode === 'quick' ? guard(options, cases) : 0
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof MissingProgram ? error.message : error)
  process.exitCode = 1
}
