import { type Text } from './text.ts'

/** What a field of each kind is read as. */
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

/** What an entry of a list may be. */
export type EntryShape = ScalarShape | ObjectShape

export interface OptionalShape<S extends RequiredShape = RequiredShape> {
  readonly kind: 'optional'
  readonly shape: S
}

export type RequiredShape = ScalarShape | ObjectShape | ListShape

/** The part of an event that a stream reads, as data: it is checked, read and documented from this alone. */
export type Shape = RequiredShape | OptionalShape

/** What a shape is read as; `undefined` is absent: the field is missing or null. */
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

/** A text, as it is. */
export const text = scalar('text')

/** A text that names the row: absent or empty is `missing-key`. */
export const key = scalar('key')

/** A text, or the JSON text of a number or a boolean, character by character as the message has it. */
export const scalarText = scalar('scalarText')

export const boolean = scalar('boolean')

/** A whole number of 32 bits. */
export const int = scalar('int')

/** Milliseconds since 1970-01-01T00:00Z of a date-time in one of the forms of instant.ts; all else is `bad-date`. */
export const instant = scalar('instant')

/** An object; fields that are not named are ignored, whatever they hold. Of a name given twice the last one counts. */
export const object = <const F extends Fields>(fields: F): ObjectShape<F> => ({ kind: 'object', fields })

/** An array; null entries are ignored. */
export const list = <const E extends EntryShape>(entries: E): ListShape<E> => ({ kind: 'list', entries })

/** A field that may be missing or null. */
export const optional = <const S extends RequiredShape>(shape: S): OptionalShape<S> => ({ kind: 'optional', shape })
