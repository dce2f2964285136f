import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parse } from 'dotenv'
import { printConfig } from '../../src/commands/config/print-config.ts'
import { renderEnvExample, renderSettingsTable, renderTable } from '../../src/config/render.ts'
import { definition } from '../../src/config/settings.ts'
import { load, stream } from './settings.ts'

const names = Object.keys(definition(stream.defaults))

const printed = (env: Readonly<Record<string, string>>, contents: Readonly<Record<string, string>> = {}): string => {
  let output = ''
  printConfig(load(env, contents), text => (output += text))
  return output
}

describe('.env.example', () => {
  test('changes nothing when it is copied as it is', () => {
    assert.deepEqual(parse(renderEnvExample(stream.defaults)), {})
  })

  test('gives the defaults when its settings are switched on, but for secrets, files and names of users', () => {
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

describe('the table of settings', () => {
  test('has a row for each setting, with default, meaning and what is accepted', () => {
    const table = renderSettingsTable(stream.defaults)
    const rows = [...table.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, variable]) => variable)
    assert.deepEqual(rows, names)
    assert.match(
      table,
      /\| `WRITE_CONCURRENCY` +\| `16` +\| Batches written at the same time\. +\| a whole number from 1 to 512 +\|/,
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

describe('config', () => {
  test('prints every setting with its value, and says which are defaults and which are not set', () => {
    const lines = printed({ ENV: 'prod', KAFKA_BROKER_SERVERS: 'a:1, b:2' }).split('\n')
    assert.ok(lines.includes('ENV=prod'))
    assert.ok(lines.includes("KAFKA_BROKER_SERVERS='a:1, b:2'"))
    assert.ok(lines.includes('KAFKA_INPUT_TOPIC=prod.things # default'))
    assert.ok(lines.includes('KAFKA_TLS_CA_FILE= # not set'))
    assert.deepEqual(
      lines.slice(0, -1).map(line => line.split('=')[0]),
      names,
    )
  })

  test('can be read back: the same settings are in force', () => {
    const env = { ENV: 'prod', KAFKA_BROKER_SERVERS: 'a:1, b:2', KAFKA_GROUP_ID: 'g#1', BATCH_MAX_ROWS: '7' }
    assert.deepEqual(load(parse(printed(env))).settings, load(env).settings)
  })

  test('masks secrets and names the file that one comes from', () => {
    const login = { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'u', CASSANDRA_USERNAME: 'v' }
    const output = printed(
      { ...login, KAFKA_SASL_PASSWORD: 'pass-word-1', CASSANDRA_PASSWORD_FILE: '/run/p' },
      { '/run/p': 'pass-word-2' },
    )
    assert.match(output, /^KAFKA_SASL_PASSWORD=\*{3}$/m)
    assert.match(output, /^CASSANDRA_PASSWORD_FILE=\/run\/p$/m)
    assert.doesNotMatch(output, /pass-word/)
  })
})
