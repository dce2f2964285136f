import { type Text } from './text.ts'

/** The type of each kind of field. */
interface Values {
  text: Text
  key: Text
  scalarText: Text
  boolean: boolean
  int: number
  instant: number
}

export type ScalarKind = keyof Values

export interface ScalarShape<K extends ScalarKind = ScalarKind> {
  readonly kind: K
}

export type Fields = Readonly<Record<string, Shape>>

export interface ObjectShape<F extends Fields = Fields> {
  readonly kind: 'object'
  readonly fields: F
}

export interface ListShape<E extends EntryShape = EntryShape> {
  readonly kind: 'list'
  readonly entries: E
}

/** The shape of a list entry. */
export type EntryShape = ScalarShape | ObjectShape

export interface OptionalShape<S extends RequiredShape = RequiredShape> {
  readonly kind: 'optional'
  readonly shape: S
}

export type RequiredShape = ScalarShape | ObjectShape | ListShape

/** The part of an event that a stream reads. The engine checks, reads and documents events from this alone. */
export type Shape = RequiredShape | OptionalShape

/** The type of a shape's value; `undefined` if the field is missing or null. */
export type ValueOf<S extends Shape> =
  S extends ScalarShape<infer K>
    ? Values[K]
    : S extends OptionalShape<infer I>
      ? ValueOf<I> | undefined
      : S extends ListShape<infer E>
        ? readonly ValueOf<E>[]
        : S extends ObjectShape<infer F>
          ? { readonly [N in keyof F]: ValueOf<F[N]> }
          : never

const scalar = <K extends ScalarKind>(kind: K): ScalarShape<K> => ({ kind })

/** A text, unchanged. */
export const text = scalar('text')

/** A text in the primary key: if absent or empty, `missing-key`. */
export const key = scalar('key')

/** A text, or the JSON text of a number or a boolean, exactly as in the message. */
export const scalarText = scalar('scalarText')

export const boolean = scalar('boolean')

/** A whole number of 32 bits. */
export const int = scalar('int')

/** Milliseconds since 1970-01-01T00:00Z, from one of the formats in instant-field.ts; anything else is `bad-date`. */
export const instant = scalar('instant')

/** An object. Other fields are ignored. If a name occurs twice, the last one counts. */
export const object = <const F extends Fields>(fields: F): ObjectShape<F> => ({ kind: 'object', fields })

/** An array; null entries are ignored. */
export const list = <const E extends EntryShape>(entries: E): ListShape<E> => ({ kind: 'list', entries })

/** A field that may be missing or null. */
export const optional = <const S extends RequiredShape>(shape: S): OptionalShape<S> => ({ kind: 'optional', shape })
