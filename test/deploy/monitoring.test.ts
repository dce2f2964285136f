import { parser } from '@prometheus-io/lezer-promql'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import { projectFolder } from '../../rig/servers/folders.ts'
import { seriesNames, seriesOf } from './metric-names.ts'

const read = (file: string): string => readFileSync(join(projectFolder, file), 'utf8')

interface Panel {
  readonly title: string
  readonly targets?: readonly { readonly expr: string }[]
}

const { panels } = JSON.parse(read('deploy/grafana-dashboard.json')) as { panels: Panel[] }
const { groups } = parse(read('deploy/alerts.yaml')) as {
  groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[]
}
const rules = groups.flatMap(group => group.rules)
const known = seriesNames()

/** Whether it is valid PromQL, with Grafana's variables as durations. */
const isQuery = (expr: string): boolean => {
  let fits = true
  parser.parse(expr.replaceAll('$__rate_interval', '5m')).iterate({
    enter: ({ type }) => {
      if (type.isError) fits = false
    },
  })
  return fits
}

describe('the dashboard', () => {
  const queries = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })))

  test('shows only metrics that the worker has', () => {
    for (const { title, expr } of queries) {
      const series = seriesOf(expr)
      assert.ok(series.length > 0 && isQuery(expr), `${title}: ${expr}`)
      for (const name of series) assert.ok(known.has(name), `${title} asks for ${name}, which there is not`)
    }
  })

  test('shows every metric of our own', () => {
    const shown = new Set(queries.flatMap(({ expr }) => seriesOf(expr)).map(name => known.get(name)))
    const own = [...new Set(known.values())].filter(name => name.startsWith('sunbird_streams_'))
    assert.deepEqual(
      own.filter(name => !shown.has(name)),
      [],
    )
  })
})

describe('the alert rules', () => {
  test('use only metrics that the worker has', () => {
    for (const { alert, expr } of rules) {
      const series = seriesOf(expr)
      assert.ok(series.length > 0 && isQuery(expr), alert)
      for (const name of series) assert.ok(known.has(name), `${alert} asks for ${name}, which there is not`)
    }
  })

  test('are exactly those that docs/operate.md explains', () => {
    const explained = [...read('docs/operate.md').matchAll(/^### (SunbirdStreams\w+)$/gm)].map(([, name]) => name)
    assert.deepEqual(explained.sort(), rules.map(({ alert }) => alert).sort())
  })
})
