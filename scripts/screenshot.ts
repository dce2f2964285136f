// npm run screenshot: runs the worker with real servers and a load, and writes docs/page.png and docs/page-dark.png.
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { loadStream } from '../src/stream/load.ts'
import { missingChromium, openBrowser } from '../test/browser/chromium.ts'
import { Installation } from '../test/integration/installation.ts'
import { Worker } from '../test/integration/worker.ts'
import { messages } from '../rig/load/enrolments.ts'
import { newestCassandra } from '../rig/servers/cassandra.ts'
import { projectFolder } from '../rig/servers/folders.ts'
import { newestKafka } from '../rig/servers/kafka.ts'
import { scriptArguments } from './script-arguments.ts'

const env = 'prod'
const seconds = 100
const perSecond = 300

/** A load that varies, so that the charts have a shape. */
const feed = async (installation: Installation): Promise<void> => {
  const events = seconds * perSecond * 2
  const load = messages({ seed: 4, events, programmes: 60, repeats: 0.3, bad: 0.002, bytes: 1_800 })
  for (let tick = 0; tick < seconds * 5; tick += 1) {
    const many = Math.round((perSecond / 5) * (1 + 0.5 * Math.sin(tick / 40)))
    const some = Array.from({ length: many }, (_, n) => {
      const next = load.next()
      return { value: next.done === true ? null : next.value.value, partition: n % 3 === 0 ? 1 : 0 }
    })
    await installation.publish(`${env}.programuser.info`, some)
    await pause(200)
  }
}

const photograph = async (url: string, colorScheme: 'light' | 'dark', file: string): Promise<void> => {
  const browser = await openBrowser({ viewport: { width: 1160, height: 900 }, colorScheme })
  try {
    const page = await browser.context.newPage()
    await page.goto(url)
    await page.locator('#charts figure').first().waitFor()
    await page.screenshot({ path: join(projectFolder, 'docs', file), fullPage: true })
    console.log(`docs/${file}`)
  } finally {
    await browser.close()
  }
}

const help = `Usage: npm run screenshot
Runs the worker with real servers and a load for ${seconds} s, and writes docs/page.png and docs/page-dark.png.
`
scriptArguments(help, {})

const missing = missingChromium()
if (missing !== undefined) throw new Error(missing)
console.log('starting Kafka and Cassandra ...')
const installation = await Installation.start({ kafka: newestKafka, cassandra: newestCassandra })
try {
  await installation.prepare(await loadStream('program-user-info'), env)
  const worker = new Worker({ ...installation.env, ENV: env })
  const { url } = await worker.logged('serving metrics, probes and the page')
  console.log(`a load of ${seconds} s ...`)
  const fed = feed(installation)
  await pause((seconds - 10) * 1000)
  await photograph(String(url), 'light', 'page.png')
  await photograph(String(url), 'dark', 'page-dark.png')
  await fed
  await worker.stop()
} finally {
  await installation.stop()
}
