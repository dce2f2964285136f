import { type Setting } from './define.ts'

/** Settings by name, in groups. */
export interface Tree {
  readonly [name: string]: Setting<unknown> | Tree
}

/** The values of a tree of settings. */
export type Values<N> = N extends Setting<infer T> ? T : { readonly [K in keyof N]: Values<N[K]> }

export const isSetting = (node: Setting<unknown> | Tree): node is Setting<unknown> => typeof node.parse === 'function'

/** All settings of the tree, in order. */
export const settingsOf = (tree: Tree): Setting<unknown>[] =>
  Object.values(tree).flatMap(node => (isSetting(node) ? [node] : settingsOf(node)))

/** The tree with values instead of settings, frozen. */
export const valuesOf = <N extends Tree>(tree: N, valueOf: (setting: Setting<unknown>) => unknown): Values<N> => {
  const entries = Object.entries(tree).map(([name, node]): [string, unknown] => [
    name,
    isSetting(node) ? frozen(valueOf(node)) : valuesOf(node, valueOf),
  ])
  return Object.freeze(Object.fromEntries(entries)) as Values<N>
}

const frozen = (value: unknown): unknown => (Array.isArray(value) ? Object.freeze(value) : value)
