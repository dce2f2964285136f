import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Readable, type Writable } from 'node:stream'
import { newestCassandra } from '../servers/cassandra.ts'
import { compileJava } from '../servers/compile-java.ts'
import { programsFolder, sourceFile } from '../servers/folders.ts'
import { inPlace } from '../servers/in-place.ts'
import { inherited } from '../servers/inherited.ts'
import { jarIn, jars } from '../servers/jars.ts'
import { findJava } from '../servers/java.ts'
import { installedKafka } from '../servers/kafka.ts'
import { toolOptions } from '../servers/kafka-tool.ts'

/** A message, as Kafka's Java consumer returns it. */
export interface TopicMessage {
  readonly partition: number
  readonly offset: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: ReadonlyMap<string, string>
}

/** The folder with the compiled program, which is compiled once. */
const compiled = async (libs: string): Promise<string> => {
  const file = sourceFile('TopicReader.java')
  const hash = createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
  const place = join(programsFolder, `topic-reader-${hash.slice(0, 12)}`)
  await inPlace(place, async draft => {
    await compileJava(await jars('cassandra', newestCassandra), file, await jarIn(libs, 'kafka-clients-'), draft)
  })
  return place
}

/** Bytes of a stream, as many at a time as asked for. */
class ByteReader {
  readonly #chunks: AsyncIterator<Buffer, undefined>
  #rest: Buffer = Buffer.alloc(0)

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>
  }

  /** The next bytes. @throws Error if the stream ends before */
  async take(size: number): Promise<Buffer> {
    const parts: Buffer[] = [this.#rest]
    for (let length = this.#rest.length; length < size; length += parts.at(-1)?.length ?? 0) {
      const { value, done } = await this.#chunks.next()
      if (done === true) throw new Error('the reader of topics has ended')
      parts.push(value)
    }
    const [first, ...more] = parts
    const all = first !== undefined && more.length === 0 ? first : Buffer.concat(parts)
    this.#rest = all.subarray(size)
    return all.subarray(0, size)
  }

  async int(): Promise<number> {
    return (await this.take(4)).readInt32BE()
  }
}

interface Program {
  readonly requests: Writable
  readonly responses: ByteReader
  readonly ended: Promise<unknown>
}

const startProgram = async (): Promise<Program> => {
  const [java, libs] = await Promise.all([findJava(), jars('kafka', installedKafka)])
  const classPath = [await compiled(libs), join(libs, '*')].join(':')
  // It ends with its input, so also with this process.
  const child = spawn(java, [...toolOptions, '-cp', classPath, 'TopicReader'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: inherited(),
  })
  // If it has ended, its responses say so.
  child.stdin.on('error', () => undefined)
  return { requests: child.stdin, responses: new ByteReader(child.stdout), ended: once(child, 'exit') }
}

/** Length and bytes, at a position that advances. */
class Frame {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  int(): number {
    this.#at += 4
    return this.#bytes.readInt32BE(this.#at - 4)
  }

  long(): number {
    this.#at += 8
    return Number(this.#bytes.readBigInt64BE(this.#at - 8))
  }

  sized(): Buffer | null {
    const size = this.int()
    if (size < 0) return null
    this.#at += size
    return this.#bytes.subarray(this.#at - size, this.#at)
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }
}

const messageOf = (frame: Frame): TopicMessage => {
  const message = { partition: frame.int(), offset: frame.long(), key: frame.sized(), value: frame.sized() }
  const headers = new Map<string, string>()
  while (!frame.isAtEnd) headers.set(String(frame.sized()), String(frame.sized()))
  return { ...message, headers }
}

/**
 * Reads topics with Kafka's Java consumer, which shares nothing with the worker's. It has the installed version, whatever version
 * the brokers have. One Java process reads one topic after another.
 */
export class TopicReader {
  #program: Promise<Program> | undefined
  #last: Promise<unknown> = Promise.resolve()

  /**
   * All messages up to the current end, each partition in order, without those of aborted transactions.
   *
   * @throws Error if the topic cannot be read; MissingProgram without Java 17 or Maven
   */
  read(bootstrap: string, topic: string): Promise<TopicMessage[]> {
    const next = this.#last.then(() => this.#read(bootstrap, topic))
    this.#last = next.catch(() => undefined)
    return next
  }

  async #read(bootstrap: string, topic: string): Promise<TopicMessage[]> {
    const { requests, responses } = await (this.#program ??= startProgram())
    requests.write(`${bootstrap} ${topic}\n`)
    const messages: TopicMessage[] = []
    for (;;) {
      const size = await responses.int()
      if (size === 0) return messages.sort((a, b) => a.offset - b.offset)
      if (size < 0) throw new Error(`${topic}: ${String(await responses.take(await responses.int()))}`)
      messages.push(messageOf(new Frame(await responses.take(size))))
    }
  }

  async close(): Promise<void> {
    await this.#last
    const program = await this.#program
    program?.requests.end()
    await program?.ended
  }
}
