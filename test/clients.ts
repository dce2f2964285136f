import { concat, ignoreElements, NEVER, type Observable, of } from 'rxjs'
import { Fault, InvalidRequest } from '../src/model/faults.ts'
import { type Level } from '../src/observe/log/log-line.ts'
import { type Log } from '../src/observe/log/log.ts'
import { type DeadLetterTopic } from '../src/operators/dead-letter.ts'
import { type DeadLetter } from '../src/operators/letter-forms.ts'
import { type Retrying } from '../src/operators/retry.ts'
import { type Table } from '../src/operators/write.ts'
import { type Source } from '../src/operators/source.ts'
import { type KafkaRecord } from '../src/model/record.ts'
import { type Run } from './marbles.ts'
import { offsetsOf } from './records.ts'

/** The errors in a diagram: `#` is a fault, `x` a refusal, `?` a bug. */
export const errors = {
  '#': new Fault('transient', 'not enough replicas'),
  x: new InvalidRequest('a key of 70000 bytes'),
  '?': new TypeError('a bug'),
} as const

/** Returns the diagram of a response, given the request (offsets such as `0 1 2`) and its number at this client, from 1. */
export type Answer = (asked: string, call: number) => string

/** Responses in the order of the requests; the last one repeats. */
export const inTurn =
  (...diagrams: readonly string[]): Answer =>
  (_, call) =>
    diagrams[Math.min(call, diagrams.length) - 1] ?? '|'

/** `2` is the unchanged record of offset 2, `2z` is compressed, `2z-v-h` also without value and headers. */
export const formOf = ({ rejected, compressed, without }: DeadLetter): string =>
  `${rejected.record.offset}${compressed ? 'z' : ''}${without.map(([initial]) => `-${initial}`).join('')}`

/** Clients whose responses are diagrams. The journal has their requests in chronological order, such as `12 write 0 1`. */
export const clients = ({ cold, clock }: Run) => {
  const journal: string[] = []
  const note = (text: string): void => void journal.push(`${clock.now()} ${text}`)

  const asking = (verb: string, answer: Answer): ((asked: string) => Observable<unknown>) => {
    let calls = 0
    return asked => {
      note(`${verb} ${asked}`)
      calls += 1
      const diagram = answer(asked, calls)
      const letter = /[#x?]/.exec(diagram)?.[0] as keyof typeof errors | undefined
      return cold(diagram.replace(/[x?]/, '#'), {}, letter === undefined ? undefined : errors[letter])
    }
  }

  const table = (answer: Answer = inTurn('|')): Table => {
    const write = asking('write', answer)
    return { write: changes => write(offsetsOf(changes.map(({ record }) => record))) }
  }

  const topic = (answer: Answer = inTurn('|')): DeadLetterTopic => {
    const publish = asking('publish', answer)
    return {
      publish: letters => publish(letters.map(formOf).join(' ')),
    }
  }

  const source = (records: Observable<KafkaRecord>, answer: Answer = inTurn('|')): Source => {
    const commit = asking('commit', answer)
    return {
      records,
      pause: () => note('pause'),
      resume: () => note('resume'),
      commit: positions =>
        concat(
          commit(positions.map(({ partition, offset }) => `${partition}:${offset}`).join(' ')).pipe(ignoreElements()),
          of(positions),
        ),
      ended: NEVER,
    }
  }

  /** A backoff of 2, 4, 8, 8, 8 ... that records faults and their end. */
  const retrying: Retrying = {
    backoff: { firstMs: 4, capMs: 16 },
    watch: {
      faulted: (fault, attempt, delayMs) => note(`fault ${attempt}, again in ${delayMs}: ${fault.message}`),
      over: () => note('over'),
    },
    clock,
    random: () => 0,
  }

  return { journal, note, table, topic, source, retrying }
}

/** A log that keeps its lines, such as `warn dead letter {"offset":3}`. */
export const linesLog = (): Log & { readonly lines: string[] } => {
  const lines: string[] = []
  const say =
    (level: Level): Log['info'] =>
    (message, facts) =>
      void lines.push(`${level} ${message}${facts === undefined ? '' : ` ${JSON.stringify(facts)}`}`)
  return {
    lines,
    error: say('error'),
    warn: say('warn'),
    info: say('info'),
    debug: say('debug'),
    close: () => Promise.resolve(),
  }
}
