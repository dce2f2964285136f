import { type Verdict } from './oracle.ts'
import { type Scene } from './scene.ts'

/**
 * Runs `audit` after a case and judges its verdict. It must find differences exactly if the rig's own oracle finds them, or if
 * the case deleted dead letters. If the case emptied or recreated the input topic, the audit may be unable to tell.
 */
export const judgeAudit = async (scene: Scene, { lost, wrong }: Verdict): Promise<void> => {
  const { code, says } = await scene.command('audit', '--rate', '20000')
  scene.seen['audit'] = code ?? '?'
  const mayNotTell = scene.anewAt !== undefined || scene.remembered.length > 0
  // A dead-letter topic that was recreated begins at offset 0, as one that never had them.
  const lettersAreGone = scene.rememberedLetters.length > 0
  const expected = lost + wrong > 0 || lettersAreGone ? 1 : 0
  if (code === expected || (mayNotTell && code === 2)) return
  scene.failures.push(`the audit exits with ${code}, expected ${expected}:\n${says}`)
}
