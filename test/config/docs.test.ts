import assert from 'node:assert/strict'
import { test } from 'node:test'
import { current, documents, replaceBlock } from '../../scripts/docs.ts'

test('generated documents are up to date', async () => {
  for (const { file, text } of await documents()) {
    assert.ok(current(file) === text, `${file} is not what the code makes of it: run npm run docs`)
  }
})

test('only the text between the markers is replaced', () => {
  const text = 'before\n<!-- a:begin -->\n\nold\n\n<!-- a:end -->\nafter\n'
  assert.equal(replaceBlock('f', text, 'a', 'new'), text.replace('old', 'new'))
  assert.equal(
    replaceBlock('f', text, 'a', '$& $1'),
    text.replace('old', () => '$& $1'),
  )
})

test('a document without the markers is an error that names them', () => {
  for (const text of ['', '<!-- a:begin -->', '<!-- a:end --> <!-- a:begin -->']) {
    assert.throws(
      () => replaceBlock('README.md', text, 'a', 'new'),
      /README\.md has no lines <!-- a:begin --> and <!-- a:end -->/,
    )
  }
})
