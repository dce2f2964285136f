import { unset } from './cells.ts'
import { type Order } from './order.ts'
import { type Version } from './version.ts'

/** The row that the topic requires. For each cell: the versions of which one must have won; undefined if no event sets it. */
export interface Expected {
  readonly key: Buffer
  readonly cells: (readonly Version[] | undefined)[]
}

const nothing: readonly Version[] = []

const isSame = (cell: number, a: Version, b: Version): boolean =>
  a.cells[cell] === b.cells[cell] && a.isOptional === b.isOptional && (a.isOptional || a.time === b.time)

/** The versions that may have won after `version` too. An optional one removes no other, because it may not have been written. */
const standing = (cell: number, before: readonly Version[], version: Version, order: Order): readonly Version[] => {
  const covers = (over: Version, under: Version): boolean => !over.isOptional && (order(over, under) ?? 0) > 0
  if (before.some(other => covers(other, version))) return before
  const left = before.filter(other => !covers(version, other))
  return left.some(other => isSame(cell, other, version)) ? left : [...left, version]
}

/** Adds a version to the expected row. */
const add = (expected: Expected, version: Version, order: Order): void => {
  // Most rows have one version, so all its cells share one list.
  const alone = [version]
  version.cells.forEach((digest, cell) => {
    if (digest === unset) return
    const before = expected.cells[cell] ?? nothing
    expected.cells[cell] = before.length === 0 ? alone : standing(cell, before, version, order)
  })
}

/** The rows that these versions produce, by the hash of their key. */
export const fold = (versions: Iterable<Version>, order: Order): Map<string, Expected> => {
  const rows = new Map<string, Expected>()
  for (const version of versions) {
    let expected = rows.get(version.hash)
    if (expected === undefined) {
      expected = { key: version.key, cells: [] }
      rows.set(version.hash, expected)
    }
    add(expected, version, order)
  }
  return rows
}

/** The versions of a cell that must have been written to the table. */
export const certain = (versions: readonly Version[] | undefined): readonly Version[] =>
  versions === undefined ? nothing : versions.filter(({ isOptional }) => !isOptional)
