import { type FaultCase } from './fault.ts'
import { fateHeader, type FaultMessage } from './load.ts'
import { type Scene } from './scene.ts'
import { configureTopic } from './topic-config.ts'

const cleanUp = (scene: Scene, policy: 'compact' | 'delete'): Promise<void> =>
  configureTopic(scene.admin, scene.deadLetterTopic, { 'cleanup.policy': policy })

const withoutKey: FaultMessage = {
  partition: 0,
  key: null,
  value: Buffer.from('{}'),
  headers: { [fateHeader]: 'dead-letter' },
}

export const compactedDeadLetters: FaultCase = {
  name: 'F30-compacted-dead-letters',
  title:
    'The dead-letter topic is compacted and refuses a message without a key: worker and check say what to set, and only that message waits until then',
  events: 600,
  eachBad: 0,
  run: async scene => {
    await cleanUp(scene, 'compact')
    const refused = await scene.command('check')
    scene.expect(refused.code === 1, `check exits with ${refused.code} for a compacted topic`)
    scene.expect(refused.says.includes('--add-config cleanup.policy=delete'), 'check names the setting')

    await scene.publish(scene.events / 3)
    await scene.publishThese([withoutKey])
    await scene.publish(scene.events / 3)
    const worker = await scene.startWorker()
    await scene.mustSoon('the worker names the setting', () =>
      worker.lines.some(
        ({ message, why }) => message.includes('needs attention') && String(why).includes('set cleanup.policy=delete'),
      ),
    )
    await scene.mustSoon('it is not ready, with the reason', async () =>
      (await worker.page('ready')).includes('cleanup.policy=delete'),
    )
    await scene.mustSoon('the other messages are written', () => {
      const rates = worker.lines.findLast(({ message }) => message === 'rates')
      return rates?.['inFlight'] === 1
    })
    // Several retries.
    await scene.pass(6)
    scene.expect((await scene.readTopic(scene.deadLetterTopic)).length === 0, 'the topic accepts it')

    await cleanUp(scene, 'delete')
    scene.healed()
    await scene.publish()
    await scene.caughtUp()
    scene.expect(
      worker.running && worker.lines.filter(line => 'assignment' in line).length === 1,
      'it recovers by itself',
    )
    const { code, says } = await scene.command('check')
    scene.expect(code === 0, `check exits with ${code}: ${says}`)
  },
}
