import { readInstant } from '../instant-field.ts'
import { InvalidEvent } from '../invalid-event.ts'
import { type Fields, type ListShape, type ScalarKind, type Shape } from '../shape.ts'
import { isObject, ownField, wrongType } from './values.ts'

type Fault = InvalidEvent | undefined

const textFault = (path: string, value: unknown): Fault =>
  typeof value === 'string' ? undefined : wrongType(path, 'text', value)

const keyFault = (path: string, value: unknown): Fault => {
  if (value === undefined) return new InvalidEvent('missing-key', `${path}: absent, but part of the primary key`)
  if (value === '') return new InvalidEvent('missing-key', `${path}: empty, but part of the primary key`)
  return textFault(path, value)
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value)

const instantFault = (path: string, value: unknown): Fault => {
  const instant = readInstant(value, path)
  return typeof instant === 'number' ? undefined : instant
}

const scalarFaults: Readonly<Record<ScalarKind, (path: string, value: unknown) => Fault>> = {
  text: textFault,
  key: keyFault,
  scalarText: (path, value) => (isScalar(value) ? undefined : wrongType(path, 'text', value)),
  boolean: (path, value) => (typeof value === 'boolean' ? undefined : wrongType(path, 'a boolean', value)),
  int: (path, value) =>
    typeof value === 'number' && value === (value | 0)
      ? undefined
      : wrongType(path, 'a whole number of 32 bits', value),
  instant: instantFault,
}

const firstOf = <T>(items: Iterable<T>, faultOf: (item: T) => Fault): Fault => {
  for (const item of items) {
    const fault = faultOf(item)
    if (fault !== undefined) return fault
  }
  return undefined
}

const fieldsFault = (fields: Fields, object: object, prefix: string): Fault =>
  firstOf(Object.entries(fields), ([name, shape]) => faultOf(shape, ownField(object, name), `${prefix}${name}`))

const objectFault = (fields: Fields, value: unknown, path: string): Fault =>
  isObject(value) ? fieldsFault(fields, value, `${path}.`) : wrongType(path, 'an object', value)

// Checks the types of all entries first, then what is in them.
const listFault = ({ entries }: ListShape, value: unknown, path: string): Fault => {
  if (!Array.isArray(value)) return wrongType(path, 'an array', value)
  const given = value.map((entry: unknown, index) => [entry, `${path}[${index}]`] as const)
  const present = given.filter(([entry]) => entry !== null)
  const shallow = entries.kind === 'object' ? ({ kind: 'object', fields: {} } as const) : entries
  return (
    firstOf(present, ([entry, at]) => faultOf(shallow, entry, at)) ??
    firstOf(present, ([entry, at]) => faultOf(entries, entry, at))
  )
}

const faultOf = (shape: Shape, value: unknown, path: string): Fault => {
  if (shape.kind === 'optional') return value === undefined ? undefined : faultOf(shape.shape, value, path)
  if (shape.kind === 'object') return objectFault(shape.fields, value, path)
  if (shape.kind === 'list') return listFault(shape, value, path)
  return scalarFaults[shape.kind](path, value)
}

/**
 * The first fault of a parsed event, in the order of the shape's fields: its path and the types, but no value. It runs only
 * for events with a fault, so it need not be fast.
 */
export const firstFault = (fields: Fields, event: unknown): InvalidEvent | undefined =>
  isObject(event) ? fieldsFault(fields, event, '') : wrongType('the event', 'an object', event)
