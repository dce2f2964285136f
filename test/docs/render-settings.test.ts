import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parse } from 'dotenv'
import { renderEnvExample, renderSettingsTable } from '../../scripts/render-settings.ts'
import { renderTable } from '../../scripts/render-table.ts'
import { definition } from '../../src/config/settings.ts'
import { settingsOf } from '../../src/config/tree.ts'
import { load, stream } from '../config/settings.ts'

const names = settingsOf(definition(stream.defaults)).map(({ variable }) => variable)

describe('.env.example', () => {
  test('changes nothing if it is copied unchanged', () => {
    assert.deepEqual(parse(renderEnvExample(stream.defaults)), {})
  })

  test('has the defaults, except for secrets, files and user names', () => {
    const switchedOn = parse(renderEnvExample(stream.defaults).replaceAll(/^#(?=[A-Z_]+=)/gm, ''))
    const optional = /_FILE$|_USERNAME$/
    const env = Object.fromEntries(Object.entries(switchedOn).filter(([variable]) => !optional.test(variable)))
    assert.deepEqual(load(env).settings, load({}).settings)
    assert.deepEqual(
      Object.keys(switchedOn).map(name => name.replace('PASSWORD_FILE', 'PASSWORD')),
      names,
    )
  })
})

describe('the tables of docs/settings.md', () => {
  test('has a row for each setting, with default, meaning and accepted values', () => {
    const table = renderSettingsTable(stream.defaults)
    const rows = [...table.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, variable]) => variable)
    assert.deepEqual(rows, names)
    assert.match(
      table,
      /\| `WRITE_CONCURRENCY` +\| `16` +\| How many batches are written at the same time\. +\| a whole number from 1 to 512 +\|/,
    )
    assert.match(table, /\| `KAFKA_SASL_PASSWORD` or `KAFKA_SASL_PASSWORD_FILE` +\| +\|/)
  })

  test('is padded, and a bar in a cell does not end the cell', () => {
    assert.equal(
      renderTable([
        ['a', 'long'],
        ['b|c', 'd'],
      ]),
      '| a    | long |\n| ---- | ---- |\n| b\\|c | d    |',
    )
  })
})
