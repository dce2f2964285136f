import { unset } from './cells.ts'
import { type Found, type Version } from './version.ts'

const isState = (state: Float64Array, found: Found): boolean =>
  state.every((digest, cell) => digest === unset || digest === found.cells[cell])

/**
 * Which of these rows are in the state that an earlier event left, because a later event was lost. `versions` come in the order
 * of their partitions. Replayed ones are ignored.
 */
export const olderRows = (versions: Iterable<Version>, rows: ReadonlyMap<string, Found>): Set<string> => {
  const states = new Map<string, Float64Array>()
  const older = new Set<string>()
  for (const { hash, cells, isReplayed, isOptional } of versions) {
    const found = rows.get(hash)
    if (found === undefined || isReplayed || isOptional) continue
    const state = states.get(hash) ?? new Float64Array(cells.length).fill(unset)
    states.set(hash, state)
    cells.forEach((digest, cell) => {
      if (digest !== unset) state[cell] = digest
    })
    if (isState(state, found)) older.add(hash)
  }
  return older
}
