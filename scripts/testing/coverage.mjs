// The lines of src and streams that the tests have run, in the test processes and in the workers that they start. V8 writes
// them for each process (NODE_V8_COVERAGE), but not for a killed worker.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../ensure-installed.mjs'

const measured = ['src', 'streams']
const built = pathToFileURL(`${root}dist/`).href

/** From now on, every started process is measured. */
export const startCoverage = () => (process.env.NODE_V8_COVERAGE = mkdtempSync(join(tmpdir(), 'sunbird-coverage-')))

/** Marks the parts of a script that one process has run. Of nested ranges the innermost counts. */
const mark = (ran, functions) => {
  const here = new Uint8Array(ran.length).fill(1)
  for (const { ranges } of functions)
    for (const { startOffset, endOffset, count } of ranges) here.fill(count > 0 ? 1 : 0, startOffset, endOffset)
  // A callback for each character would take longer than all the rest.
  for (let at = 0; at < here.length; at += 1) ran[at] |= here[at]
}

/** A source is in a module of its own, and in the bundle of the product. */
const isMeasured = path => [...measured, 'product'].some(part => path.startsWith(`${part}/`))

const readProcesses = folder => {
  const scripts = new Map()
  for (const name of readdirSync(folder)) {
    for (const { url, functions } of JSON.parse(readFileSync(join(folder, name), 'utf8')).result) {
      const path = url.startsWith(built) ? url.slice(built.length) : ''
      if (!isMeasured(path) || !existsSync(`${root}dist/${path}.map`)) continue
      const ran = scripts.get(path) ?? new Uint8Array(readFileSync(`${root}dist/${path}`, 'utf8').length)
      scripts.set(path, ran)
      mark(ran, functions)
    }
  }
  return scripts
}

/** The lines with code of each source of a script, and whether all of that code has run. */
const linesOf = (path, ran) => {
  const code = readFileSync(`${root}dist/${path}`, 'utf8')
  const map = new SourceMap(JSON.parse(readFileSync(`${root}dist/${path}.map`, 'utf8')))
  const sources = new Map()
  let start = 0
  code.split('\n').forEach((text, line) => {
    for (const { index: column } of text.matchAll(/\w+/g)) {
      const { originalSource, originalLine } = map.findEntry(line, column)
      if (originalLine === undefined) continue
      if (!sources.has(originalSource)) sources.set(originalSource, new Map())
      const lines = sources.get(originalSource)
      const good = ran?.[start + column] === 1
      lines.set(originalLine + 1, (lines.get(originalLine + 1) ?? true) && good)
    }
    start += text.length + 1
  })
  const named = source => relative(root, join(root, 'dist', dirname(path), source))
  return new Map([...sources].map(([source, lines]) => [named(source), lines]))
}

/** 3, 4, 5, 9 become 3-5, 9. */
const short = numbers =>
  numbers
    .reduce((runs, number) => {
      const last = runs.at(-1)
      if (last?.[1] === number - 1) last[1] = number
      else runs.push([number, number])
      return runs
    }, [])
    .map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`))
    .join(', ')

const sourcesOf = part =>
  readdirSync(root + part, { recursive: true })
    .map(name => `${part}/${name}`)
    .filter(name => name.endsWith('.ts'))
    .sort()

/** Prints the share of lines that have run, and the other lines. */
export const printCoverage = () => {
  const folder = process.env.NODE_V8_COVERAGE
  const scripts = readProcesses(folder)
  const bundles = [...scripts].filter(([path]) => path.startsWith('product/')).map(script => linesOf(...script))
  const all = { run: 0, lines: 0 }
  const missed = []
  for (const source of measured.flatMap(sourcesOf)) {
    const path = source.replace(/\.ts$/, '.js')
    if (!existsSync(`${root}dist/${path}`)) continue
    const lines = [...(linesOf(path, scripts.get(path)).get(source) ?? [])].sort(([a], [b]) => a - b)
    const ranInBundle = line => bundles.some(sources => sources.get(source)?.get(line) === true)
    const not = lines.filter(([line, good]) => !good && !ranInBundle(line)).map(([line]) => line)
    all.run += lines.length - not.length
    all.lines += lines.length
    if (not.length > 0) missed.push(`  ${source}: ${short(not)}`)
  }
  rmSync(folder, { recursive: true, force: true })
  console.log(`\nlines that no test has run, apart from the fault cases:\n${missed.join('\n')}`)
  console.log(
    `coverage of ${measured.join(' and ')}: ${((100 * all.run) / all.lines).toFixed(1)} % of ${all.lines} lines`,
  )
}
