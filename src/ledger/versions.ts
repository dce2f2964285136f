import { type PackedChange } from '../model/change.ts'

/**
 * Whether writing `later` makes writing `earlier`, a change of the same row, superfluous. A removal covers everything
 * before it. An upsert covers an earlier one only if it sets every column that one sets: a column it leaves out would
 * keep the earlier value. It never covers a removal, because what it leaves out must stay removed.
 */
export const covers = (later: PackedChange, earlier: PackedChange): boolean => {
  if (later.kind === 'remove') return true
  if (earlier.kind === 'remove') return false
  return later.leaves.every(column => earlier.leaves.includes(column))
}
