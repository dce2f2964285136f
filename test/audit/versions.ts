import { absent, present, unset } from '../../src/audit/cells.ts'
import { type Found, type Version } from '../../src/audit/version.ts'

const minute = 60_000_000

/** A time in microseconds: this many minutes after the first. */
export const at = (minutes: number): number => 1_700_000_000_000_000 + minutes * minute

// The notation of the tests: `-` for null, `.` for unset, any other letter for a value.
const cellsOf = (letters: string, row: number): Float64Array =>
  Float64Array.from([
    row,
    ...letters.split('').map(letter => (letter === '-' ? absent : letter === '.' ? unset : letter.charCodeAt(0))),
  ])

/** A version of a row, with one column for each letter; `gone` removes the row. */
export const version = (letters: string, more: Partial<Omit<Version, 'cells'>> = {}): Version => ({
  ...{ partition: 0, offset: 0, time: at(0), isReplayed: false, isOptional: false, hash: 'aa', key: Buffer.alloc(0) },
  ...more,
  cells: letters === 'gone' ? cellsOf('--', absent) : cellsOf(letters, present),
})

/** The row in the table; `none` if there is no row. */
export const found = (letters: string, more: Partial<Omit<Found, 'cells'>> & { mendedTo?: string } = {}): Found => {
  const cells = letters === 'none' ? cellsOf('--', absent) : cellsOf(letters, present)
  const { mendedTo, ...rest } = more
  return {
    hash: 'aa',
    cells,
    mended: mendedTo === undefined ? cells : cellsOf(mendedTo, present),
    writtenAt: new Float64Array(cells.length).fill(NaN),
    ...rest,
  }
}
