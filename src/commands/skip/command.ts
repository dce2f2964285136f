import { kafkaClient } from '../../kafka/client.ts'
import { withLeader } from '../../kafka/fetch/leader.ts'
import { readOffsets } from '../../kafka/positions.ts'
import { stepOver } from '../../kafka/step-over.ts'
import { type AddCommand } from '../add-command.ts'
import { runTool } from '../tool.ts'
import { UsageError } from '../usage-error.ts'
import { skip } from './skip.ts'

const wholeNumber = (option: string) => (text: string) => {
  const number = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) throw new UsageError(`${option} needs a whole number`)
  return number
}

export const addSkip: AddCommand = (program, edge, done) =>
  void program
    .command('skip')
    .summary('skip one record batch that cannot be decoded')
    .description(
      'Skips one record batch that cannot be decoded and at which the worker waits. In one transaction, publishes its bytes to ' +
        'the dead-letter topic, in pieces of 512 KiB, and commits the offset after the batch. ' +
        'A running worker continues by itself within seconds.\n\n' +
        'Does nothing if the batch can be decoded, or if records before it are not committed yet.',
    )
    .requiredOption('--partition <number>', 'the partition that waits', wholeNumber('--partition'))
    .requiredOption('--offset <number>', 'the offset at which it waits', wholeNumber('--offset'))
    .option('--yes', 'do not ask for confirmation')
    .action(async ({ partition, offset, yes = false }: { partition: number; offset: number; yes?: boolean }) => {
      const code = await runTool(edge, ({ name }, { kafka: settings }, { write, tell, confirm }, signal) => {
        const { topic, groupId, deadLetterTopic } = settings
        const kafka = kafkaClient(settings, () => undefined)
        const committed = async (): Promise<number | undefined> => {
          const found = (await readOffsets(kafka, groupId, topic)).find(known => known.partition === partition)
          return found === undefined || found.committed < 0 ? undefined : found.committed
        }
        return withLeader(kafka, topic, partition, fetchAt =>
          skip(
            { partition, offset, yes },
            {
              source: { committed, fetchAt },
              topic,
              deadLetterTopic,
              stepOver: batch => stepOver(kafka, { stream: name, groupId, topic, deadLetterTopic, partition }, batch),
              write,
              tell,
              confirm,
              signal,
            },
          ),
        )
      })
      done(code)
    })
