import { type Setting } from './define.ts'

/** Settings by name, in groups. */
export interface Tree {
  readonly [name: string]: Setting<unknown> | Tree
}

/** What a tree of settings gives once it is read. */
export type Values<N> = N extends Setting<infer T> ? T : { readonly [K in keyof N]: Values<N[K]> }

export const isSetting = (node: Setting<unknown> | Tree): node is Setting<unknown> => typeof node.parse === 'function'

/** Every setting of the tree, in its order. */
export const settingsOf = (tree: Tree): Setting<unknown>[] =>
  Object.values(tree).flatMap(node => (isSetting(node) ? [node] : settingsOf(node)))

/** The tree with a value in the place of each setting; nobody can change it. */
export const valuesOf = <N extends Tree>(tree: N, valueOf: (setting: Setting<unknown>) => unknown): Values<N> => {
  const entries = Object.entries(tree).map(([name, node]): [string, unknown] => [
    name,
    isSetting(node) ? frozen(valueOf(node)) : valuesOf(node, valueOf),
  ])
  return Object.freeze(Object.fromEntries(entries)) as Values<N>
}

const frozen = (value: unknown): unknown => (Array.isArray(value) ? Object.freeze(value) : value)
