import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'

let drafts = 0

/**
 * Runs a short Java program with its classes from an archive, which halves its CPU time. The first run makes the archive (class
 * data sharing of Java 13 and later). A JVM that cannot use the archive ignores it.
 *
 * @param libs the folder of its jars; the archive is beside it
 * @param program a name for the archive
 */
export const withClassArchive = async <T>(
  libs: string,
  program: string,
  run: (options: readonly string[]) => Promise<T>,
): Promise<T> => {
  const archive = join(libs, '..', `${program}.jsa`)
  // The JVM's own log would be in the program's output.
  const silent = '-Xlog:disable'
  if (existsSync(archive)) return run([silent, `-XX:SharedArchiveFile=${archive}`])
  const draft = `${archive}.${process.pid}-${++drafts}`
  const result = await run([silent, `-XX:ArchiveClassesAtExit=${draft}`])
  // A program that is killed leaves none.
  await rename(draft, archive).catch(() => undefined)
  return result
}
