import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'

const program = '/usr/bin/chromium'

const isRoot = (): boolean => process.getuid?.() === 0

const install = (): void => {
  const options = { stdio: 'pipe' as const, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  execFileSync('apt-get', ['update'], options)
  execFileSync('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], options)
}

/** Why Chromium cannot be used, and how to install it; undefined if it can be used. */
export const missingChromium = (): string | undefined => {
  if (existsSync(program)) return undefined
  const remedy = "install Debian's package: apt-get install chromium"
  if (!existsSync('/usr/bin/apt-get')) return `there is no ${program}, and no apt-get that could bring it`
  if (!isRoot()) return `there is no ${program}, and only root may install it; ${remedy}`
  try {
    install()
    return undefined
  } catch (error) {
    return `${program} could not be installed (${(error as Error).message.split('\n', 1).join()}); ${remedy}`
  }
}

// The browser must contact nobody but the page's own server.
const args = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]

/** A browser of its own, with an empty profile. */
export interface Browser {
  readonly context: BrowserContext
  close(): Promise<void>
}

export const openBrowser = async (options: BrowserContextOptions = {}): Promise<Browser> => {
  const profile = await mkdtemp(join(tmpdir(), 'sunbird-chromium-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: program,
    args,
    locale: 'en-GB',
    timezoneId: 'UTC',
    ...options,
  })
  const close = async (): Promise<void> => {
    await context.close()
    await rm(profile, { recursive: true, force: true })
  }
  return { context, close }
}
