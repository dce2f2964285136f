import { renderTable } from './render-table.ts'
import { type ObjectShape, type ScalarKind, type Shape } from '../src/stream/shape.ts'

const types: Readonly<Record<ScalarKind, string>> = {
  text: 'text',
  key: 'text, not empty',
  scalarText: 'text, a number or a boolean: its JSON text',
  boolean: 'a boolean',
  int: 'a whole number',
  instant: 'an instant',
}

const required: Readonly<Record<Shape['kind'], string>> = {
  text: '`wrong-type`',
  key: '`missing-key`',
  scalarText: '`wrong-type`',
  boolean: '`wrong-type`',
  int: '`wrong-type`',
  instant: '`bad-date`',
  object: '`wrong-type`',
  list: '`wrong-type`',
  optional: '',
}

const rowsOf = (path: string, shape: Shape, absent = `dead letter, ${required[shape.kind]}`): string[][] => {
  if (shape.kind === 'optional') return rowsOf(path, shape.shape, 'allowed')
  const name = `\`${path}\``
  if (shape.kind === 'object') return [[name, 'an object', absent], ...fieldsOf(`${path}.`, shape)]
  if (shape.kind !== 'list') return [[name, types[shape.kind], absent]]
  const { entries } = shape
  const of = entries.kind === 'object' ? 'objects' : types[entries.kind]
  const inner = entries.kind === 'object' ? fieldsOf(`${path}[].`, entries) : []
  return [[name, `an array of ${of}; null entries are ignored`, absent], ...inner]
}

const fieldsOf = (prefix: string, { fields }: ObjectShape): string[][] =>
  Object.entries(fields).flatMap(([name, shape]) => rowsOf(`${prefix}${name}`, shape))

/** The fields that a stream reads, in the order in which faults are reported. */
export const renderFieldsTable = (event: ObjectShape): string =>
  renderTable([['field', 'type', 'absent or null'], ...fieldsOf('', event)])
