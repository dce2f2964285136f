import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes this folder if it is missing: `fill` fills a draft beside it, and a rename puts the complete folder in place.
 */
export const inPlace = async (place: string, fill: (draft: string) => Promise<void>): Promise<void> => {
  if (existsSync(place)) return
  await mkdir(dirname(place), { recursive: true })
  const draft = await mkdtemp(`${place}.`)
  try {
    await fill(draft)
    // Another process may have been faster; its folder stays.
    await rename(draft, place).catch((error: unknown) => {
      if (!existsSync(place)) throw error
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}
