import { type Fields, type ObjectShape, type ScalarKind, type Shape } from '../shape.ts'

/** A field of an object, prepared for a search in bytes. */
export interface PlannedField {
  readonly name: string
  readonly bytes: Buffer
  readonly plan: Plan
}

/** A shape, prepared for reading. All plans have the same class, which keeps the reading loops monomorphic. */
export class Plan {
  readonly kind: ScalarKind | 'object' | 'list'
  readonly required: boolean
  /** For an object: its fields, by the length of their names. */
  readonly byLength: readonly (readonly PlannedField[] | undefined)[]
  readonly requiredNames: readonly string[]
  /** For an object: its fields, all absent. */
  readonly absent: Readonly<Record<string, undefined>>
  /** For a list. */
  readonly entries: Plan | undefined

  constructor(shape: Shape) {
    const inner = shape.kind === 'optional' ? shape.shape : shape
    const fields = inner.kind === 'object' ? plannedFields(inner.fields) : []
    this.kind = inner.kind
    this.required = shape.kind !== 'optional'
    this.byLength = byLength(fields)
    this.requiredNames = fields.filter(({ plan }) => plan.required).map(({ name }) => name)
    this.absent = Object.fromEntries(fields.map(({ name }) => [name, undefined]))
    this.entries = inner.kind === 'list' ? new Plan(inner.entries) : undefined
  }

  /** The field with the name in these bytes, if the shape has it. */
  find(bytes: Uint8Array, from: number, to: number): PlannedField | undefined {
    const fields = this.byLength[to - from]
    if (fields === undefined) return undefined
    for (const field of fields) if (isSame(field.bytes, bytes, from)) return field
    return undefined
  }
}

const plannedFields = (fields: Fields): PlannedField[] =>
  Object.entries(fields).map(([name, shape]) => ({ name, bytes: Buffer.from(name), plan: new Plan(shape) }))

const byLength = (fields: readonly PlannedField[]): (PlannedField[] | undefined)[] => {
  const longest = Math.max(0, ...fields.map(({ bytes }) => bytes.length))
  return Array.from({ length: longest + 1 }, (_, length) => {
    const some = fields.filter(({ bytes }) => bytes.length === length)
    return some.length === 0 ? undefined : some
  })
}

// From the end, where names of the same length are more likely to differ.
const isSame = (name: Buffer, bytes: Uint8Array, from: number): boolean => {
  for (let index = name.length - 1; index >= 0; index -= 1) if (name[index] !== bytes[from + index]) return false
  return true
}

export const planOf = (shape: ObjectShape): Plan => new Plan(shape)
