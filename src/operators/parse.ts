import { map, type OperatorFunction } from 'rxjs'
import { type PackedStream } from '../model/change.ts'
import { type KafkaRecord, type Parsed, type Rejected } from '../model/record.ts'
import { rejectedOr } from './rejected.ts'

/** Bytes to what the stream reads of them: the whole is checked to be JSON, that part to be as the contract has it. */
export const parse = ({ read }: Pick<PackedStream, 'read'>): OperatorFunction<KafkaRecord, Parsed | Rejected> =>
  map(record => rejectedOr(record, 'parse', () => ({ kind: 'parsed', record, event: read(record.value) })))
