import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { type Page, type Route } from 'playwright-core'
import { type Stream } from '../../src/stream/definition.ts'
import { loadStream } from '../../src/stream/load.ts'
import { eventually } from '../../rig/eventually.ts'
import { Installation } from '../integration/installation.ts'
import { killWorkers, Worker } from '../integration/worker.ts'
import { messages as loadMessages } from '../../rig/load/enrolments.ts'
import { parseMetrics } from '../observe/prometheus.ts'
import { newestCassandra } from '../../rig/servers/cassandra.ts'
import { newestKafka } from '../../rig/servers/kafka.ts'
import { type Browser, missingChromium, openBrowser } from './chromium.ts'
import { contrasts } from './contrast.ts'

const env = 'page'
const topic = `${env}.programuser.info`

describe('the live page', () => {
  let installation: Installation
  let stream: Stream
  let worker: Worker
  let url: string
  let browser: Browser
  let page: Page
  const problems: string[] = []
  const asked = new Set<string>()

  before(async () => {
    const missing = missingChromium()
    assert.ok(missing === undefined, missing)
    ;[installation, stream] = await Promise.all([
      Installation.start({ kafka: newestKafka, cassandra: newestCassandra }),
      loadStream('program-user-info'),
    ])
    await installation.prepare(stream, env)
    worker = new Worker({
      ...{ ...installation.env, ENV: env, CASSANDRA_USERNAME: 'cassandra', CASSANDRA_PASSWORD: 'hidden-word' },
      ...{ PROBE_INTERVAL_MS: '200', CASSANDRA_REQUEST_TIMEOUT_MS: '1000', RETRY_MAX_DELAY_MS: '1000' },
    })
    url = String((await worker.logged('serving metrics, probes and the page'))['url'])
    const load = { seed: 11, events: 1_500, programmes: 20, repeats: 0.5, bad: 0.03, bytes: 1_000 }
    await installation.publish(
      topic,
      [...loadMessages(load)].map(({ value }, count) => ({ value, partition: count % 2 })),
    )
    browser = await openBrowser({ viewport: { width: 1200, height: 900 }, colorScheme: 'light' })
    browser.context.on('request', request => asked.add(new URL(request.url()).origin))
    page = await browser.context.newPage()
    page.on('console', message => message.type() === 'error' && problems.push(message.text()))
    page.on('pageerror', error => problems.push(error.message))
    await page.goto(url)
  })
  after(async () => {
    // If the setup failed, they may not exist.
    await (browser as Browser | undefined)?.close()
    killWorkers()
    await (installation as Installation | undefined)?.stop()
  })

  // A test that fails must not leave the page paused or without answers for the next one.
  afterEach(async () => {
    await page.unrouteAll()
    const paused = page.locator('#hold[aria-pressed=true]')
    if ((await paused.count()) > 0) await paused.click()
  })

  const text = async (selector: string): Promise<string> => (await page.locator(selector).textContent()) ?? ''
  const total = async (name: string): Promise<number> =>
    Number((await text(`[data-total="${name}"]`)).replaceAll(',', ''))
  const headline = (expected: string): Promise<void> =>
    eventually(`the page says "${expected}"`, async () => assert.equal(await text('#headline'), expected))

  test('shows the same numbers as /metrics', async () => {
    await headline('Running')
    await eventually('page and metrics agree', async () => {
      const found = parseMetrics(await (await fetch(new URL('metrics', url))).text())
      assert.equal(found.value('records_read_total'), 1_500)
      assert.equal(found.value('in_flight_records'), 0)
      assert.deepEqual(
        [await total('read'), await total('written'), await total('superseded'), await total('dead letters')],
        [
          found.value('records_read_total'),
          found.value('records_written_total'),
          found.value('records_superseded_total'),
          found.sum('records_dead_lettered_total'),
        ],
      )
      assert.equal(await total('commits'), found.value('commits_total'))
      const lags = await page.locator('#partitions tbody tr td:nth-child(4)').allTextContents()
      assert.deepEqual(lags, ['0', '0'])
    })
    assert.equal(await text('#stream'), stream.name)
    assert.match(await text('[data-step="topic"]'), /lag 0/)
  })

  test('shows the latest dead letters with reason, partition and offset, but without their content', async () => {
    const [first] = await page.locator('#letters tbody tr').allInnerTexts()
    assert.match(first ?? '', /^\d\d:\d\d:\d\d\t[a-z-]+\t(parse|flatten)\t[01]\t\d+$/)
    assert.doesNotMatch(await text('body'), /Asha|Programme|64be77c1/)
  })

  test('shows the settings in force, with masked secrets', async () => {
    await page.locator('summary').click()
    const settings = await text('#settings')
    assert.match(settings, /CASSANDRA_PASSWORD\*\*\*set/)
    assert.match(settings, /MAX_IN_FLIGHT_RECORDS4000default/)
    assert.doesNotMatch(await page.content(), /hidden-word/)
    await page.locator('summary').click()
  })

  test('lets the Tab key reach everything, in reading order and with visible focus', async () => {
    await page.reload()
    await headline('Running')
    const reached: string[] = []
    for (let count = 0; count < 9; count += 1) {
      await page.keyboard.press('Tab')
      const focused = page.locator(':focus')
      const name = (await focused.getAttribute('id')) ?? (await focused.textContent()) ?? ''
      const outline = await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle')
      reached.push(`${name.trim()} ${outline}`)
    }
    assert.deepEqual(
      reached,
      [
        ...['Skip to the path of a record', 'hold', 'partitions', 'letters', 'Settings in force'],
        ...['metrics', 'ready', 'live', 'health'],
      ].map(name => `${name} solid`),
    )
  })

  test('can be paused, and continues', async () => {
    const before = await total('read')
    await page.locator('#hold').focus()
    await page.keyboard.press('Enter')
    assert.equal(await page.locator('#hold').getAttribute('aria-pressed'), 'true')
    const drawn = await page.locator('main').innerHTML()
    await installation.publish(topic, [{ value: '[]' }])
    const other = await browser.context.newPage()
    await other.goto(url)
    await eventually('a page that is not paused shows one more record', async () => {
      const shown = (await other.locator('[data-total="read"]').textContent()) ?? ''
      assert.equal(Number(shown.replaceAll(',', '')), before + 1)
    })
    await other.close()
    assert.equal(await page.locator('main').innerHTML(), drawn)
    await page.keyboard.press('Enter')
    assert.equal(await page.locator('#hold').getAttribute('aria-pressed'), 'false')
    await eventually('it shows the new record', async () => assert.equal(await total('read'), before + 1))
  })

  /** The next request for this path, which waits until the test answers it. */
  const held = (path: string): Promise<Route> =>
    new Promise(resolve => void page.route(`**/${path}`, resolve, { times: 1 }))

  test('shows no answer that was asked for before it was paused', async () => {
    const [state, settings] = [await held('state'), held('settings')]
    const late = (await (await state.fetch()).json()) as { startedAt: number }
    // Another start of the worker, whose settings the page asks for.
    await state.fulfill({ json: { ...late, stream: 'late', startedAt: late.startedAt + 1 } })
    const route = await settings
    const drawn = await page.locator('main').innerHTML()
    await page.locator('#hold').click()
    const answered = page.waitForEvent('requestfinished', request => request.url().endsWith('/settings'))
    await route.fulfill({ json: [{ name: 'LATE', value: '1', source: 'environment' }] })
    await answered
    // Longer than the page needs to draw: two frames.
    await page.evaluate('new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))')
    assert.equal(await page.locator('main').innerHTML(), drawn)
    assert.equal(await text('#stream'), stream.name)
  })

  for (const scheme of ['light', 'dark'] as const) {
    test(`has legible text in ${scheme}`, async () => {
      await page.emulateMedia({ colorScheme: scheme })
      const found = await contrasts(page)
      assert.ok(found.length > 40)
      assert.deepEqual(
        found.filter(({ ratio }) => ratio < 4.5),
        [],
      )
    })
  }

  test('is dark in dark mode and light in light mode', async () => {
    const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
    await page.emulateMedia({ colorScheme: 'dark' })
    assert.equal(await ground(), 'rgb(20, 24, 28)')
    await page.emulateMedia({ colorScheme: 'light' })
    assert.equal(await ground(), 'rgb(245, 246, 247)')
  })

  test('shows no motion if the user prefers reduced motion', async () => {
    const animation = (): Promise<string> =>
      page.evaluate('getComputedStyle(document.querySelector(".flow")).animationName')
    assert.equal(await animation(), 'flow')
    await page.emulateMedia({ reducedMotion: 'reduce' })
    assert.equal(await animation(), 'none')
    await page.emulateMedia({ reducedMotion: 'no-preference' })
  })

  test('fits a screen of 360 pixels without horizontal scrolling', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    await page.locator('summary').click()
    await eventually('the picture is stacked', async () => {
      const { width = 0, height = 0 } = (await page.locator('#picture svg').boundingBox()) ?? {}
      assert.ok(height > width)
    })
    assert.equal(await page.evaluate('document.scrollingElement.scrollWidth'), 360)
    await page.locator('summary').click()
    await page.setViewportSize({ width: 1200, height: 900 })
  })

  test('during an outage of Cassandra, names the cause, marks the step and shows that reading is paused', async () => {
    installation.cassandraLink.silence()
    try {
      await installation.publish(topic, [{ value: '[]' }, ...[...loadMessages({ seed: 12, events: 20, programmes: 1, repeats: 0, bad: 0, bytes: 500 })].map(({ value }) => ({ value }))]) // prettier-ignore
      await headline('Waiting for a fault to pass')
      assert.match(await text('#because'), /^cassandra: /)
      await eventually('the step is marked', async () => {
        assert.match((await page.locator('[data-step="write"]').getAttribute('class')) ?? '', /waiting/)
        assert.equal(await text('.shut-sign'), 'paused: a fault')
        assert.match(await text('#waits'), /^write has been waiting for .* \d+ attempts/)
        assert.match(
          (await page.locator('#picture svg').getAttribute('aria-label')) ?? '',
          /Reading is paused. Faults: /,
        )
      })
      assert.deepEqual(
        (await contrasts(page)).filter(({ ratio }) => ratio < 4.5),
        [],
      )
    } finally {
      installation.cassandraLink.mend()
    }
    await headline('Running')
  })

  test('sends requests to the worker only, and causes no error', () => {
    assert.deepEqual([...asked], [new URL(url).origin])
    assert.deepEqual(problems, [])
  })

  test('reports when the worker stops answering', async () => {
    assert.equal(await worker.stop(), 0)
    await headline('The worker does not answer')
    assert.match(await text('#because'), /^the page shows the state of \d\d:\d\d:\d\d$/)
  })
})
