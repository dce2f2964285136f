import { type FoundCell, type FoundRow, type Mended, type MendableTable } from '../../cassandra/mendable.ts'
import { isSameMap, mendMap, mendText } from './print-outs.ts'

const atOnce = 16

const mendedValue = ({ value }: FoundCell): Mended['value'] | undefined => {
  if (typeof value === 'string') {
    const text = mendText(value)
    return text === value ? undefined : text
  }
  const map = mendMap(value)
  return isSameMap(map, value) ? undefined : map
}

/**
 * The cells to write to a row. Each gets the write timestamp of the old value plus one microsecond. So it replaces that value,
 * and every event that has been read since replaces it.
 */
export const mendedCells = ({ cells }: FoundRow): Mended[] =>
  cells.flatMap(cell => {
    const value = mendedValue(cell)
    return value === undefined || cell.writtenAt === 0
      ? []
      : [{ column: cell.column, value, writeTimestamp: cell.writtenAt + 1 }]
  })

/**
 * Reads every row and repairs those with print-outs of a Scala `Option`; a dry run only counts them. Rows are never printed.
 * An interruption finishes the current rows. It can be repeated: repaired rows are not written again.
 *
 * @throws Fault if Cassandra fails
 */
export const mend = async (
  table: MendableTable,
  dryRun: boolean,
  { write, tell }: { readonly write: (text: string) => void; readonly tell: (text: string) => void },
  signal: AbortSignal,
): Promise<void> => {
  const columns = new Map<string, number>()
  let looked = 0
  let rows = 0

  const mendRow = async (row: FoundRow): Promise<void> => {
    const cells = mendedCells(row)
    if (cells.length === 0) return
    if (!dryRun) await table.write(row.key, cells)
    rows += 1
    for (const { column } of cells) columns.set(column, (columns.get(column) ?? 0) + 1)
  }

  const mendPage = async (page: readonly FoundRow[]): Promise<void> => {
    for (let from = 0; from < page.length && !signal.aborted; from += atOnce) {
      const some = page.slice(from, from + atOnce)
      await Promise.all(some.map(mendRow))
      looked += some.length
    }
  }

  try {
    for (let part = 0; part < table.parts && !signal.aborted; part++) {
      for await (const page of table.rows(part)) await mendPage(page)
      if ((part + 1) % 8 === 0) tell(`${Math.round((100 * (part + 1)) / table.parts)} % of the table: ${looked} rows\n`)
    }
  } finally {
    write(`${rows} of ${looked} rows ${dryRun ? 'would be repaired' : 'repaired'}\n`)
    for (const [column, count] of columns) write(`  ${column}: ${count}\n`)
    if (signal.aborted) write('interrupted: run the command again for the rest\n')
  }
}
