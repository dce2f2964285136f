import { installedKafka } from '../servers/kafka.ts'
import { runKafkaTool } from '../servers/kafka-tool.ts'

/** Publishes one-line texts with Kafka's console producer, in batches compressed with `codec`. `properties` are the producer's. */
export const produceWithJava = async (
  bootstrap: string,
  topic: string,
  codec: string,
  values: readonly Buffer[],
  properties: readonly string[] = ['linger.ms=50'],
): Promise<void> => {
  const args = [
    ...['--bootstrap-server', bootstrap, '--topic', topic],
    ...['--compression-codec', codec, '--request-required-acks', '-1'],
    ...properties.flatMap(property => ['--producer-property', property]),
  ]
  const lines = values.map(value => Buffer.concat([value, Buffer.from('\n')]))
  const { code, errors } = await runKafkaTool(installedKafka, 'kafka.tools.ConsoleProducer', args, lines)
  if (code !== 0) throw new Error(`the console producer ended with ${code ?? 'a signal'}:\n${errors}`)
}
