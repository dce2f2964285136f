import { type Load } from '../rig/load/enrolments.ts'

/** The load of a drain: only new enrolments, so that each event is a row. */
export const drainLoad = (events: number, programmes: number, bytes: number): Load => ({
  seed: 7,
  events,
  programmes,
  repeats: 0,
  bad: 0,
  bytes,
})

/** Encodes and decodes the load for other processes of the benchmark. */
export const loadVariables = ({ events, programmes, bytes }: Load): Record<string, string> => ({
  BENCH_EVENTS: String(events),
  BENCH_PROGRAMMES: String(programmes),
  BENCH_BYTES: String(bytes),
})

export const readLoad = (env: Readonly<Record<string, string | undefined>>): Load =>
  drainLoad(Number(env['BENCH_EVENTS']), Number(env['BENCH_PROGRAMMES']), Number(env['BENCH_BYTES']))
