import { type SchedulerLike } from 'rxjs'
import { type Settings } from '../../config/settings.ts'
import { kafkaClient } from '../../kafka/client.ts'
import { registerCodecs } from '../../kafka/codecs.ts'
import { readersOf } from '../../kafka/readers.ts'
import { openReplayTopic } from '../../kafka/replay.ts'
import { readableTopic } from '../../kafka/readable-topic.ts'
import { type Command } from './arguments.ts'
import { list } from './list.ts'
import { replay } from './replay.ts'
import { show } from './show.ts'
import { type Terminal } from '../terminal.ts'

/**
 * Runs one command on the stream's dead letters. Returns the exit code.
 *
 * @param signal aborts the command after its current operation
 * @throws Fault if Kafka fails
 */
export const deadLetters = (
  command: Command,
  { kafka: settings }: Settings,
  { write, tell, isTerminal, confirm }: Terminal,
  signal: AbortSignal,
  clock: SchedulerLike,
): Promise<number> => {
  registerCodecs()
  const kafka = kafkaClient(settings, () => undefined)
  const letters = readableTopic(kafka, settings.deadLetterTopic, clock)
  switch (command.name) {
    case 'list':
      return list(letters, command, write, signal)
    case 'show':
      return show(letters, command, write, tell, signal)
    case 'replay': {
      const { topic, groupId } = settings
      const target = openReplayTopic(kafka, topic)
      const readers = async () => (await readersOf(kafka, topic, clock))?.filter(group => group !== groupId)
      const dependencies = {
        letters,
        sourceTopic: topic,
        target,
        readers,
        write,
        tell,
        isTerminal,
        confirm,
        signal,
        clock,
      }
      return replay(command, dependencies)
    }
  }
}
