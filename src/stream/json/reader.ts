import { readInstant } from '../instant-field.ts'
import { parseUsualInstant } from '../instant.ts'
import { type ScalarKind } from '../shape.ts'
import { Text } from '../text.ts'
import { type Plan } from './plan.ts'
import { NotJson, Scanner } from './scanner.ts'

const quote = 0x22

type Values = Record<string, unknown>

/**
 * Reads the fields of a plan from one JSON document and skips the rest. If a value does not match the plan, it is left out and
 * `faulty` is set. firstFault then finds the fault, if any: a later field of the same name may be valid.
 */
export class Reader {
  readonly #scanner = new Scanner()
  #message: Buffer = Buffer.alloc(0)
  faulty = false

  /**
   * @param bytes the message, followed by a zero byte
   * @param message the same message; must stay valid as long as its texts are used
   * @throws NotJson
   */
  read(plan: Plan, bytes: Uint8Array, message: Buffer, from: number): unknown {
    const scanner = this.#scanner
    scanner.bytes = bytes
    scanner.at = from
    this.#message = message
    this.faulty = false
    scanner.space()
    const event = this.#value(plan)
    if (event === undefined) this.faulty = true
    scanner.space()
    if (scanner.at !== message.length) throw new NotJson()
    return event
  }

  /** The value; undefined for null, and for a value that does not match the plan. */
  #value(plan: Plan): unknown {
    const scanner = this.#scanner
    const first = scanner.bytes[scanner.at]
    if (plan.kind === 'object') {
      if (first === 0x7b) return this.#object(plan, { ...plan.absent })
    } else if (plan.entries !== undefined) {
      if (first === 0x5b) return this.#list(plan.entries)
    } else if (first !== 0x6e && plan.kind !== 'list') return this.#scalar(plan.kind, first)
    if (first !== 0x6e) this.faulty = true
    scanner.skip()
    return undefined
  }

  /** @param values the fields, all absent so far */
  #object(plan: Plan, values: Values): Values {
    const scanner = this.#scanner
    const { bytes } = scanner
    scanner.at += 1
    scanner.space()
    if (bytes[scanner.at] === 0x7d) scanner.at += 1
    else {
      do {
        scanner.space()
        const from = scanner.at + 1
        const escaped = scanner.name()
        const field = escaped ? this.#unescapedField(plan, from) : plan.find(bytes, from, scanner.at - 1)
        scanner.colon()
        if (field === undefined) scanner.skip()
        else values[field.name] = this.#value(field.plan)
      } while (this.#goesOn(0x7d))
    }
    for (const name of plan.requiredNames) if (values[name] === undefined) this.faulty = true
    return values
  }

  #list(plan: Plan): unknown[] {
    const scanner = this.#scanner
    const entries: unknown[] = []
    scanner.at += 1
    scanner.space()
    if (scanner.bytes[scanner.at] === 0x5d) scanner.at += 1
    else {
      do {
        scanner.space()
        // A second call site for the copy: V8 is fast only where it sees at most four shapes.
        const isObject = plan.kind === 'object' && scanner.bytes[scanner.at] === 0x7b
        const entry = isObject ? this.#object(plan, { ...plan.absent }) : this.#value(plan)
        if (entry !== undefined) entries.push(entry)
      } while (this.#goesOn(0x5d))
    }
    return entries
  }

  /** After a value: true at a comma, false at the end. */
  #goesOn(end: number): boolean {
    const scanner = this.#scanner
    scanner.space()
    const byte = scanner.bytes[scanner.at]
    if (byte !== 0x2c && byte !== end) throw new NotJson()
    scanner.at += 1
    return byte === 0x2c
  }

  #scalar(kind: ScalarKind, first: number | undefined): unknown {
    const scanner = this.#scanner
    const from = scanner.at
    let escaped = false
    if (first === quote) {
      scanner.at += 1
      escaped = scanner.text()
    } else scanner.skip()
    const value = this.#read(kind, first, from, scanner.at, escaped)
    if (value === undefined) this.faulty = true
    return value
  }

  #read(kind: ScalarKind, first: number | undefined, from: number, to: number, escaped: boolean): unknown {
    switch (kind) {
      case 'text':
        return first === quote ? this.#text(from, to, escaped) : undefined
      case 'key':
        return first === quote && to - from > 2 ? this.#text(from, to, escaped) : undefined
      case 'scalarText':
        if (first === quote) return this.#text(from, to, escaped)
        return first === 0x7b || first === 0x5b ? undefined : new Text(this.#message, from, to)
      case 'boolean':
        if (first === 0x74) return true
        return first === 0x66 ? false : undefined
      case 'int':
        return this.#int(first, from, to)
      case 'instant':
        return this.#instant(first, from, to)
    }
  }

  #text(from: number, to: number, escaped: boolean): Text {
    return escaped ? Text.of(this.#parsed(from, to) as string) : new Text(this.#message, from + 1, to - 1)
  }

  #int(first: number | undefined, from: number, to: number): number | undefined {
    if (first === undefined || !(first === 0x2d || (first >= 48 && first <= 57))) return undefined
    const number = this.#parsed(from, to) as number
    return number === (number | 0) ? number : undefined
  }

  #instant(first: number | undefined, from: number, to: number): number | undefined {
    const usual = first === quote ? parseUsualInstant(this.#message, from + 1, to - 1) : undefined
    if (usual !== undefined) return usual
    const instant = readInstant(this.#parsed(from, to), '')
    return typeof instant === 'number' ? instant : undefined
  }

  /** The value in these bytes, which the scanner has already checked. */
  #parsed(from: number, to: number): unknown {
    return JSON.parse(this.#message.toString('utf8', from, to))
  }

  #unescapedField(plan: Plan, from: number) {
    const name = Buffer.from(this.#parsed(from - 1, this.#scanner.at) as string)
    return plan.find(name, 0, name.length)
  }
}
