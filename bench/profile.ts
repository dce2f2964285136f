import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Candidate } from './candidates.ts'
import { drain } from './drain.ts'
import { type Rig } from './rig.ts'
import { type FilledTopic } from './topic.ts'

/** The format of `node --cpu-prof`. */
interface CpuProfile {
  readonly nodes: readonly { id: number; callFrame: { functionName: string; url: string } }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** The categories of time. The first match of V8's function name and file counts. */
const places: readonly (readonly [string, RegExp])[] = [
  ['nothing', /^\(idle\)/],
  ['garbage collector', /^\(garbage collector\)/],
  ['loading modules', /node:internal\/modules|cjs-module-lexer|^compile|openFileHandle|readFileUtf8/],
  ['RxJS', /node_modules\/rxjs/],
  ['driver', /node_modules\/cassandra-driver/],
  ['Kafka client', /node_modules\/kafkajs/],
  ['reading the fields', /src\/stream\/json\/|src\/stream\/shape|loops\/flatten\.js/],
  ['encoding', /cassandra\/(encode|packed|slab|request-frames|own-requests)\.js|loops\/encode-map\.js/],
  ['our other code', /\/dist\//],
  ["Node's buffers, sockets and promises", /./],
]

/** Microseconds of self time a record, by category, without idle time. */
export const byPlace = ({ nodes, samples, timeDeltas }: CpuProfile, records: number): Map<string, number> => {
  const placeOf = new Map(
    nodes.map(({ id, callFrame: { functionName, url } }) => [
      id,
      places.find(([, pattern]) => pattern.test(`${functionName} ${url}`))?.[0] ?? '',
    ]),
  )
  const micros = new Map<string, number>(places.slice(1).map(([place]) => [place, 0]))
  samples.forEach((id, index) => {
    const place = placeOf.get(id) ?? ''
    const sum = micros.get(place)
    if (sum !== undefined) micros.set(place, sum + (timeDeltas[index] ?? 0) / records)
  })
  return micros
}

/** Drains the topic under V8's profiler, from start to stop. */
export const profile = async (rig: Rig, candidate: Candidate, topic: FilledTopic): Promise<Map<string, number>> => {
  const folder = await mkdtemp(join(tmpdir(), 'sunbird-profile-'))
  try {
    const nodeOptions = [...candidate.nodeOptions, '--cpu-prof', '--cpu-prof-dir', folder]
    await drain(rig, { ...candidate, main: candidate.unbundled ?? candidate.main, nodeOptions }, topic)
    const [file] = await readdir(folder)
    if (file === undefined) throw new Error(`${candidate.name} has left no profile`)
    return byPlace(JSON.parse(await readFile(join(folder, file), 'utf8')) as CpuProfile, topic.load.events)
  } finally {
    await rm(folder, { recursive: true })
  }
}
