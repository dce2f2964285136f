import { map, type OperatorFunction } from 'rxjs'
import { parseJson } from '../stream/json.ts'
import { type KafkaRecord, type Parsed, type Rejected } from '../model/record.ts'
import { rejectedOr } from './rejected.ts'

/** Bytes to JSON. */
export const parse = (read: typeof parseJson = parseJson): OperatorFunction<KafkaRecord, Parsed | Rejected> =>
  map(record => rejectedOr(record, 'parse', () => ({ kind: 'parsed', record, event: read(record.value) })))
