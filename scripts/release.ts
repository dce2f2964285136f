// npm run release -- VERSION: sets one version in package, lock file, chart, changelog, tag and image name.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const names = ['package.json', 'package-lock.json', 'deploy/chart/Chart.yaml', 'CHANGELOG.md'] as const

/** The texts of the files that name the version. */
export type Files = Readonly<Record<(typeof names)[number], string>>

const semver = /^\d+\.\d+\.\d+(-[a-z]+\.\d+)?$/
const unreleased = /^## Unreleased\n/m
const versionIn = /^( {2}"version": ")[^"]*(",)$/m
const rootIn = /^( {4}"": \{\n {6}"name": "[^"]*",\n {6}"version": ")[^"]*(",)$/m

/** The version in each place; undefined if there is none. */
export const versionsOf = (files: Files): Record<string, string | undefined> => {
  const chart = (key: string): string | undefined =>
    new RegExp(`^${key}: (\\S+)$`, 'm').exec(files['deploy/chart/Chart.yaml'])?.[1]
  const lock = JSON.parse(files['package-lock.json']) as {
    version?: string
    packages: Record<string, { version?: string }>
  }
  return {
    'package.json': (JSON.parse(files['package.json']) as { version?: string }).version,
    'package-lock.json': lock.version,
    'package-lock.json, packages': lock.packages['']?.version,
    'Chart.yaml, version': chart('version'),
    'Chart.yaml, appVersion (the image tag)': chart('appVersion'),
    'CHANGELOG.md, newest release': /^## (\d\S*) - \d{4}-\d\d-\d\d$/m.exec(files['CHANGELOG.md'])?.[1],
  }
}

/** The differences between the versions in the files; empty if there are none. */
export const disagreements = (files: Files): string[] => {
  const versions = versionsOf(files)
  const wanted = versions['package.json']
  return Object.entries(versions)
    .filter(([, version]) => version !== wanted)
    .map(([place, version]) => `${place}: ${version ?? 'no version'}, but package.json has ${wanted ?? 'no version'}`)
}

/**
 * The files of a release: the unreleased part of the changelog gets the version, and so do all other places.
 *
 * @param date the date of the release, as YYYY-MM-DD
 * @throws Error if the version is invalid or already released, or nothing is unreleased
 */
export const released = (files: Files, version: string, date: string): Files => {
  if (!semver.test(version)) throw new Error(`${version} is not a version like 1.2.3 or 1.2.3-rc.1`)
  const changelog = files['CHANGELOG.md']
  if (changelog.includes(`\n## ${version} - `)) throw new Error(`CHANGELOG.md has ${version} already`)
  const news = changelog.split(unreleased)[1]?.split(/^## /m)[0]?.trim()
  if (!news) throw new Error('CHANGELOG.md has nothing under "## Unreleased"')
  const quoted = (text: string, place: RegExp): string => text.replace(place, `$1${version}$2`)
  return {
    'package.json': quoted(files['package.json'], versionIn),
    'package-lock.json': quoted(quoted(files['package-lock.json'], versionIn), rootIn),
    'deploy/chart/Chart.yaml': files['deploy/chart/Chart.yaml'].replace(/^((?:v|appV)ersion: ).*$/gm, `$1${version}`),
    'CHANGELOG.md': changelog.replace(unreleased, `## Unreleased\n\n## ${version} - ${date}\n`),
  }
}

/** The lines in which two similar texts differ. */
const changes = (before: string, after: string): string[] => {
  const [old, now] = [before.split('\n'), after.split('\n')]
  return [
    ...old.filter(line => !now.includes(line)).map(line => `- ${line}`),
    ...now.filter(line => !old.includes(line)).map(line => `+ ${line}`),
  ]
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (): Files => Object.fromEntries(names.map(name => [name, readFileSync(root + name, 'utf8')])) as Files
const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' })

const release = (version: string, dryRun: boolean): void => {
  const before = read()
  const after = released(before, version, new Date().toISOString().slice(0, 10))
  const faults = disagreements(after)
  if (faults.length > 0) throw new Error(faults.join('\n'))
  if (!dryRun && git('status', '--porcelain') !== '')
    throw new Error('commit or remove the changes in git status first')
  for (const name of names) {
    for (const line of changes(before[name], after[name])) console.log(`${name}: ${line}`)
    if (!dryRun) writeFileSync(root + name, after[name])
  }
  const commands = [
    ['commit', '--all', '--message', `Release: ${version}`],
    ['tag', '--annotate', `v${version}`, '--message', version],
  ]
  for (const command of commands) {
    console.log(`git ${command.join(' ')}`)
    if (!dryRun) git(...command)
  }
  console.log(`next: git push --follow-tags; docker build --tag sunbird-streams:${version} .`)
}

const help = `Usage: npm run release -- VERSION [--dry-run]
       npm run release -- --check
Writes VERSION into package.json, package-lock.json and the chart (whose appVersion is the image tag), dates the changelog,
commits and tags. It pushes nothing. --dry-run prints what would change; --check verifies that all files have the same version.

Exit codes: 0 done; 1 the release is not possible, or versions differ; 64 wrong arguments.
`

const check = (): number => {
  const faults = disagreements(read())
  for (const fault of faults) console.error(fault)
  return faults.length === 0 ? 0 : 1
}

const main = (args: readonly string[]): number => {
  const dryRun = args.includes('--dry-run')
  const [version, ...more] = args.filter(arg => arg !== '--dry-run')
  if (version === '--check' && more.length === 0) return check()
  if (version === undefined || version.startsWith('-') || more.length > 0) {
    const asked = version === '--help'
    ;(asked ? process.stdout : process.stderr).write(help)
    return asked ? 0 : 64
  }
  release(version, dryRun)
  return 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = main(process.argv.slice(2))
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
  }
}
