import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { jars } from '../servers/jars.ts'
import { findJava } from '../servers/java.ts'
import { installedKafka } from '../servers/kafka.ts'

/** Publishes one-line texts with Kafka's console producer, in batches compressed with `codec`. `properties` are the producer's. */
export const produceWithJava = async (
  bootstrap: string,
  topic: string,
  codec: string,
  values: readonly Buffer[],
  properties: readonly string[] = ['linger.ms=50'],
): Promise<void> => {
  const [java, libs] = await Promise.all([findJava(), jars('kafka', installedKafka)])
  const child = spawn(
    java,
    [
      ...['-Xmx256m', '-XX:+UseSerialGC', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', join(libs, '*')],
      ...['kafka.tools.ConsoleProducer', '--bootstrap-server', bootstrap, '--topic', topic],
      ...['--compression-codec', codec, '--request-required-acks', '-1'],
      ...properties.flatMap(property => ['--producer-property', property]),
    ],
    { stdio: ['pipe', 'ignore', 'ignore'] },
  )
  for (const value of values) child.stdin.write(Buffer.concat([value, Buffer.from('\n')]))
  child.stdin.end()
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`the console producer ended with ${code ?? 'a signal'}`)
}
