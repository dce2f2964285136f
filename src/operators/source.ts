import { type Observable } from 'rxjs'
import { type Pausable } from './backpressure.ts'
import { type Committer } from './commit.ts'
import { type KafkaRecord } from '../model/record.ts'

/** The topic as the pipeline sees it. */
export interface Source extends Pausable, Committer {
  /** Completes when reading stops. A fault is retried and is never an error here. */
  readonly records: Observable<KafkaRecord>
}
