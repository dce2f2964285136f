import { type PackedChange } from '../model/change.ts'

/**
 * Whether `earlier` need not be written if `later`, a change of the same row, is. A removal covers everything before it. An
 * upsert covers an earlier upsert only if it sets every column of that one. It never covers a removal, because the columns
 * that it does not set must stay removed.
 */
export const covers = (later: PackedChange, earlier: PackedChange): boolean => {
  if (later.kind === 'remove') return true
  if (earlier.kind === 'remove') return false
  return later.leaves.every(column => earlier.leaves.includes(column))
}
