import assert from 'node:assert/strict'
import { isUtf8 } from 'node:buffer'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { projectFolder } from '../../rig/servers/folders.ts'
import { InvalidEvent } from '../../src/stream/invalid-event.ts'
import { eventReader } from '../../src/stream/json/read-event.ts'
import { list, object, optional, scalarText, type Shape, text } from '../../src/stream/shape.ts'

// The documents of JSONTestSuite (github nst/JSONTestSuite, MIT): y_ must be accepted, n_ must be rejected, i_ may be either.
const folder = join(projectFolder, '..', 'shared', 'json-test-suite')
const isThere = existsSync(folder)
const isCi = process.env['CI'] !== undefined
const remedy = `${folder} is missing: copy test_parsing of https://github.com/nst/JSONTestSuite there`
const files = isThere ? readdirSync(folder).filter(file => file.endsWith('.json')) : []

const inner = object({ a: optional(text), b: optional(scalarText) })
const shapes: Readonly<Record<string, Shape>> = {
  'stepped over': object({}),
  'read as text': object({ x: optional(text) }),
  'read as the text of a scalar': object({ x: optional(scalarText) }),
  'read as an object': object({ x: optional(inner) }),
  'read as a list': object({ x: optional(list(inner)) }),
  'read as a list of scalars': object({ x: optional(list(scalarText)) }),
}

const isJson = (value: Buffer): boolean => {
  try {
    JSON.parse(value.toString('utf8', value.subarray(0, 3).equals(Buffer.from('\ufeff')) ? 3 : 0))
    return isUtf8(value)
  } catch {
    return false
  }
}

/** Whether it is accepted as JSON, even if it is not an event of this shape. */
const isTaken = (shape: Shape, value: Buffer): boolean => {
  assert.equal(shape.kind, 'object')
  try {
    eventReader(shape)(value)
    return true
  } catch (error) {
    if (!(error instanceof InvalidEvent)) throw error
    return error.reason !== 'not-json' && error.reason !== 'empty-value'
  }
}

describe('the documents of JSONTestSuite', () => {
  test('exist, all 318', { skip: !isThere && !isCi && remedy }, () => {
    assert.equal(files.length, 318, remedy)
  })

  for (const file of files) {
    const document = readFileSync(join(folder, file))
    const within = Buffer.concat([Buffer.from('{"x":'), document, Buffer.from('}')])
    test(file, () => {
      if (file.startsWith('y_')) assert.ok(isTaken(object({}), document))
      if (file.startsWith('n_')) assert.ok(!isTaken(object({}), document))
      assert.equal(isTaken(object({}), document), isJson(document))
      for (const [how, shape] of Object.entries(shapes)) assert.equal(isTaken(shape, within), isJson(within), how)
    })
  }
})
