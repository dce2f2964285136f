import { type Difference } from '../../audit/result.ts'
import { columns } from '../columns.ts'

const namedAtMost = 20

/** Prints differences: one line of JSON each, or the first few as a table. */
export interface Differences {
  tell(difference: Difference): void
  /** The table; empty if differences are printed as JSON. */
  toString(): string
}

export const asJson = (write: (text: string) => void): Differences => ({
  tell: difference => write(`${JSON.stringify(difference)}\n`),
  toString: () => '',
})

export const asTable = (): Differences => {
  const named: Difference[] = []
  let count = 0
  return {
    tell: difference => {
      count += 1
      if (named.length < namedAtMost) named.push(difference)
    },
    toString: () => {
      if (count === 0) return ''
      const rows = named.map(({ kind, partition, offset, keyHash = '', columns: names = [] }) => [
        kind,
        partition === undefined ? '' : `${partition}:${offset ?? ''}`,
        keyHash,
        names.join(', '),
      ])
      const more = count - named.length
      return [
        '\n',
        columns([['what', 'event', 'key hash', 'columns'], ...rows]),
        more > 0 ? `and ${more} more: --json lists all\n` : '',
      ].join('')
    },
  }
}
