import { type Verdict } from './oracle.ts'
import { type Scene } from './scene.ts'

/**
 * Lets `audit` look at what a case has left, and judges it: it must find differences where the rig's own rules find them, and
 * none where they find none. Where a case has emptied a topic or made it anew, it may not be able to tell.
 */
export const judgeAudit = async (scene: Scene, { lost, wrong }: Verdict): Promise<void> => {
  const { code, says } = await scene.command('audit', '--rate', '20000')
  scene.seen['audit'] = code ?? '?'
  const mayNotTell = scene.anewAt !== undefined || scene.remembered.length + scene.rememberedLetters.length > 0
  const expected = lost + wrong > 0 ? 1 : 0
  if (code === expected || (mayNotTell && code === 2)) return
  scene.failures.push(`an audit ends with ${code} where ${expected} is right:\n${says}`)
}
