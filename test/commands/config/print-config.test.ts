import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parse } from 'dotenv'
import { printConfig } from '../../../src/commands/config/print-config.ts'
import { definition } from '../../../src/config/settings.ts'
import { settingsOf } from '../../../src/config/tree.ts'
import { load, refusal, stream } from '../../config/settings.ts'

type Env = Readonly<Record<string, string>>

const printed = (env: Env, contents: Env = {}): string => {
  let output = ''
  printConfig(load(env, contents), text => (output += text))
  return output
}

/** Parses like `docker --env-file`: a line is a comment or a variable, whose value is the rest of the line. */
const asDocker = (text: string): Env =>
  Object.fromEntries(
    text
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'))
      .map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )

describe('config', () => {
  test('prints every setting; defaults and unset settings are comments', () => {
    const lines = printed({ ENV: 'prod', KAFKA_BROKER_SERVERS: 'a:1, b:2' }).split('\n')
    assert.ok(lines.includes('ENV=prod'))
    assert.ok(lines.includes('KAFKA_BROKER_SERVERS=a:1, b:2'))
    assert.ok(lines.includes('#KAFKA_INPUT_TOPIC=prod.things'))
    assert.ok(lines.includes('#KAFKA_TLS_CA_FILE='))
    assert.deepEqual(
      lines.flatMap(line => /^#?([A-Z_]+)=/.exec(line)?.[1] ?? []),
      settingsOf(definition(stream.defaults)).map(({ variable }) => variable),
    )
  })

  const env = { ENV: 'prod', KAFKA_BROKER_SERVERS: 'a:1, b:2', ML_CASSANDRA_TABLE: 'x_{{env}}', BATCH_MAX_ROWS: '7' }
  for (const [reader, read] of [
    ['as .env', parse],
    ['by docker --env-file', asDocker],
  ] as const) {
    test(`can be read back ${reader}: the same settings are in force`, () => {
      assert.deepEqual(load(read(printed(env))).settings, load(env).settings)
    })
  }

  test('can be read back as .env even with quotes, and says so', () => {
    for (const KAFKA_GROUP_ID of ['g#1', "'g'", '"g"', "`'#"]) {
      const output = printed({ KAFKA_GROUP_ID })
      assert.equal(parse(output)['KAFKA_GROUP_ID'], KAFKA_GROUP_ID)
      assert.match(output, /^# Quoted for \.env; docker --env-file/m)
    }
  })

  test('comments secrets out, and names the file of a secret', () => {
    const login = { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'u', CASSANDRA_USERNAME: 'v' }
    const secrets = { KAFKA_SASL_PASSWORD: 'pass-word-1', CASSANDRA_PASSWORD_FILE: '/run/p' }
    const output = printed({ ...login, ...secrets }, { '/run/p': 'pass-word-2' })
    assert.match(output, /^#KAFKA_SASL_PASSWORD=\*{3}$/m)
    assert.match(output, /^CASSANDRA_PASSWORD_FILE=\/run\/p$/m)
    assert.doesNotMatch(output, /pass-word/)
    assert.match(refusal({ ...login, KAFKA_SASL_PASSWORD: '***' }).join('\n'), /KAFKA_SASL_PASSWORD holds \*\*\*/)
  })
})
