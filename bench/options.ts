import { parseArgs } from 'node:util'
import { type CandidateName, candidateNames } from './candidates.ts'

export const help = `Usage: npm run bench -- [OPTION]
Starts a real Kafka and Cassandra, and compares the worker with hand-written loops, in turns.

  --events N       events in a drained topic (60000)
  --partitions N   partitions of the topic (1)
  --programmes N   number of programmes, which are table partitions (200)
  --bytes N        size of an event (1800)
  --seconds N      duration of each latency measurement, after a warm-up (10)
  --rounds N       number of rounds (5)
  --only A,B       of ${candidateNames.join(', ')}
  --against DIR    another built checkout; its worker is measured too, as "other"
  --matrix         only drains: 1 and 8 partitions, each with 1, 200 and 20000 programmes
  --growth         only the worker: cost a record with 10000, 100000 and 1000000 events
  --workers        only the worker: 1 and 2 workers in one group, 8 partitions
  --outage         only the worker: memory while Cassandra does not answer
  --profile        where the time goes, in the worker and in the batched loop, with 200 and 20000 programmes
  --quick          under 90 s; compares with bench/baseline.json; exit code 1 if a ratio is clearly worse
  --save-baseline  with --quick: saves the ratios in bench/baseline.json instead
  --help           print this help

Prints medians, ratios and targets, and saves them with all single figures in bench/results/.
`

/** What to measure. */
export const modes = ['full', 'matrix', 'growth', 'workers', 'outage', 'profile', 'quick'] as const
export type Mode = (typeof modes)[number]

export interface Options {
  readonly mode: Mode
  readonly events: number
  readonly partitions: number
  readonly programmes: number
  readonly bytes: number
  readonly seconds: number
  readonly rounds: number
  readonly only: readonly CandidateName[]
  readonly against: string | undefined
  readonly saveBaseline: boolean
}

const number = (name: string, text: string | undefined, fallback: number): number => {
  const value = text === undefined ? fallback : Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${name} needs a whole number of at least 1, not "${text ?? ''}"`)
  return value
}

const isCandidate = (name: string): name is CandidateName => (candidateNames as readonly string[]).includes(name)

const chosen = (text: string | undefined, against: string | undefined): readonly CandidateName[] => {
  const names = text?.split(',') ?? candidateNames.filter(name => name !== 'other' || against !== undefined)
  return names.map(name => {
    if (!isCandidate(name)) throw new Error(`--only accepts ${candidateNames.join(', ')}, not "${name}"`)
    return name
  })
}

/** The defaults of each mode. */
const usual: Readonly<Record<Mode, { events: number; seconds: number; rounds: number; only?: string }>> = {
  full: { events: 60_000, seconds: 10, rounds: 5 },
  matrix: { events: 60_000, seconds: 10, rounds: 5, only: 'worker,batched' },
  growth: { events: 100_000, seconds: 10, rounds: 1, only: 'worker' },
  workers: { events: 200_000, seconds: 10, rounds: 3, only: 'worker' },
  outage: { events: 100_000, seconds: 20, rounds: 1, only: 'worker' },
  profile: { events: 60_000, seconds: 10, rounds: 1, only: 'worker,batched' },
  quick: { events: 20_000, seconds: 10, rounds: 2, only: 'worker,batched' },
}

/**
 * Parses the command line; undefined if it asks for help.
 *
 * @throws Error for unknown arguments
 */
export const readOptions = (args: string[]): Options | undefined => {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    args,
    options: {
      ...{ events: text, partitions: text, programmes: text, bytes: text, seconds: text, rounds: text, only: text },
      ...{
        against: text,
        matrix: flag,
        growth: flag,
        workers: flag,
        outage: flag,
        profile: flag,
        quick: flag,
        'save-baseline': flag,
        help: flag,
      },
    },
  })
  if (values.help) return undefined
  const mode = modes.find(name => name !== 'full' && values[name]) ?? 'full'
  const defaults = usual[mode]
  return {
    mode,
    events: number('events', values.events, defaults.events),
    partitions: number('partitions', values.partitions, 1),
    programmes: number('programmes', values.programmes, 200),
    bytes: number('bytes', values.bytes, 1800),
    seconds: number('seconds', values.seconds, defaults.seconds),
    rounds: number('rounds', values.rounds, defaults.rounds),
    only: chosen(values.only ?? defaults.only, values.against),
    against: values.against,
    saveBaseline: values['save-baseline'],
  }
}
