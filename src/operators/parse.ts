import { map, type OperatorFunction } from 'rxjs'
import { type PackedStream } from '../model/change.ts'
import { type KafkaRecord, type Parsed, type Rejected } from '../model/record.ts'
import { rejectedOr } from './rejected.ts'

/** Reads the stream's fields from a record. Rejects it if the value is not JSON, or a field breaks the contract. */
export const parse = ({ read }: Pick<PackedStream, 'read'>): OperatorFunction<KafkaRecord, Parsed | Rejected> =>
  map(record => rejectedOr(record, 'parse', () => ({ kind: 'parsed', record, event: read(record.value) })))
