import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { transformSync } from 'esbuild'
import { framesOf } from '../../src/observe/log/frames.ts'
import { projectFolder } from '../../rig/servers/folders.ts'

const folder = mkdtempSync(join(tmpdir(), 'frames-'))
after(() => rmSync(folder, { recursive: true }))

const errorOf = async (name: string, mapOf: (map: string) => string | undefined): Promise<Error> => {
  const source = 'export const bug: () => Error = () => {\n\n  return new Error("a bug")\n}\n'
  const { code, map } = transformSync(source, { loader: 'ts', minify: true, sourcemap: true, sourcefile: `${name}.ts` })
  const file = join(folder, `${name}.js`)
  writeFileSync(file, code)
  const kept = mapOf(map)
  if (kept !== undefined) writeFileSync(`${file}.map`, kept)
  const { bug } = (await import(pathToFileURL(file).href)) as { readonly bug: () => Error }
  return bug()
}

describe('the frames of a stack', () => {
  test('are places in the sources if the file has a source map', async () => {
    const [first] = framesOf(await errorOf('mapped', map => map)).split('\n')
    assert.match(first ?? '', new RegExp(`^    at .*${join(folder, 'mapped.ts')}:3:\\d+\\)?$`))
  })

  test('are places in the file itself if it has none', async () => {
    const [first] = framesOf(await errorOf('plain', () => undefined)).split('\n')
    assert.match(first ?? '', /^ {4}at .*plain\.js:1:\d+\)?$/)
  })

  test('are places in the file itself if its source map is damaged', async () => {
    const [first] = framesOf(await errorOf('damaged', map => map.slice(1))).split('\n')
    assert.match(first ?? '', /^ {4}at .*damaged\.js:1:\d+\)?$/)
  })

  test('are none if the error has no stack', () => {
    assert.equal(framesOf(Object.assign(new Error('x'), { stack: undefined })), '')
  })

  // RxJS and KafkaJS read the stack of a fault. With this option Node would then keep the parsed map of the whole bundle.
  test('cost nothing in the image while nobody shows them', () => {
    assert.doesNotMatch(readFileSync(join(projectFolder, 'Dockerfile'), 'utf8'), /--enable-source-maps/)
  })
})
