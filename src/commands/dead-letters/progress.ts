import { bar } from '../shown-line.ts'

/** The progress of a replay: messages read, their total, and messages published. */
export interface Progress {
  readonly looked: number
  readonly of: number
  readonly published: number
}

/** The progress as one line with a bar. */
export const progressLine = ({ looked, of, published }: Progress, seconds: number): string => {
  const rate = seconds < 1 ? '' : `, ${Math.round(published / seconds)}/s`
  return `${bar(of === 0 ? 1 : looked / of)}  ${looked} of ${of}, ${published} replayed${rate}`
}
