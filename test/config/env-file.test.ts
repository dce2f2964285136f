import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { EnvFileError, over, readEnvFile } from '../../src/config/env-file.ts'
import { ran } from '../commands/edge.ts'

const fails = (code: string) => (): Buffer => {
  throw Object.assign(new Error(), { code })
}

describe('.env', () => {
  test('is optional', () => {
    assert.deepEqual(readEnvFile(fails('ENOENT')), { values: {}, warnings: [] })
  })

  const unusable: [what: string, read: () => Buffer, says: RegExp][] = [
    ['is a directory', fails('EISDIR'), /^cannot read \.env: it is a directory$/],
    ['may not be read', fails('EACCES'), /^cannot read \.env: this user may not read it$/],
    ['is in UTF-16', () => Buffer.from('\ufeffENV=prod\n', 'utf16le'), /^\.env is not a text file in UTF-8/],
    ['is in UTF-16 without a mark', () => Buffer.from('ENV=prod\n', 'utf16le'), /^\.env is not a text file in UTF-8/],
    ['is in Latin-1', () => Buffer.from('ENV=größe', 'latin1'), /^\.env is not a text file in UTF-8/],
  ]
  for (const [what, read, says] of unusable) {
    test(`that ${what} is rejected`, () => {
      assert.throws(
        () => readEnvFile(read),
        (error: Error) => error instanceof EnvFileError && says.test(error.message),
      )
    })
    test(`that ${what} ends every command that needs settings with 78`, async () => {
      const { code, errors } = await ran(['config'], { readFile: read })
      assert.equal(code, 78)
      assert.match(errors.trim(), says)
    })
  }

  test('may start with a byte-order mark', () => {
    assert.deepEqual(readEnvFile(() => Buffer.from('\ufeffENV=prod\n')).values, { ENV: 'prod' })
  })

  const ignored = (line: number) => `.env line ${line} is ignored: it is not NAME=value`
  const cut = (line: number, name: string) =>
    `.env line ${line}: the value of ${name} ends before the #; put it in quotes if the # is part of it`
  const open = (line: number, name: string) =>
    `.env line ${line}: the value of ${name} begins with a quote that is never closed`
  const texts: [what: string, text: string, warnings: string[]][] = [
    ['assignments, comments and blank lines', '# a\n\nA=1\nexport B = 2 # note\nC: 3\nD=\n', []],
    ['a line without =', 'A=1\nKAFKA_CLIENT_ID cli\n', [ignored(2)]],
    ['lines with Windows line endings', 'A=1\r\nB\r\n', [ignored(2)]],
    ['an unquoted # in a value', 'A=us#er\n', [cut(1, 'A')]],
    ['a value that begins with #', 'A=#secret\n', [cut(1, 'A')]],
    ['a quoted #', `A='us#er'\nB="us#er" # note\nC=\`#\`\n`, []],
    ['a value over several lines', 'A="one\ntwo #\nthree"\nB\n', [ignored(4)]],
    ['a quote that stays open', `A='one\nB=2\n`, [open(1, 'A')]],
    ['an escaped quote', String.raw`A="one \" # two"`, []],
  ]
  for (const [what, text, warnings] of texts) {
    test(`with ${what} causes a warning`, () => {
      const file = readEnvFile(() => Buffer.from(text))
      assert.deepEqual(file.warnings, warnings)
      assert.doesNotMatch(file.warnings.join(), /us#er|secret/)
    })
  }
})

describe('the environment over .env', () => {
  test('wins, except for empty and blank variables', () => {
    const env = { A: 'env', B: '', C: ' ', E: undefined }
    assert.deepEqual(over(env, { A: 'file', B: 'file', C: 'file', D: 'file', E: 'file' }), {
      ...{ A: 'env', B: 'file', C: 'file', D: 'file', E: 'file' },
    })
  })

  test('holds for the commands, and warnings go to standard error', async () => {
    const readFile = (): Buffer => Buffer.from('KAFKA_GROUP_ID=fromfile\nKAFKA_CLIENT_ID cli\n')
    const { code, output, errors } = await ran(['config'], { env: { KAFKA_GROUP_ID: '' }, readFile })
    assert.equal(code, 0)
    assert.match(output, /^KAFKA_GROUP_ID=fromfile$/m)
    assert.equal(errors, '.env line 2 is ignored: it is not NAME=value\n')
  })
})
