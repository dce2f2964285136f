import { concatMap, defer, type OperatorFunction, type SchedulerLike } from 'rxjs'
import { type Batch, type BatchLimits, OpenBatches } from '../ledger/batches.ts'
import { type Accepted } from '../model/record.ts'
import { collect, type Window } from './collect.ts'

/**
 * Groups rows by the table's partition key. A batch is emitted at the end of the window in which it is opened, and grows
 * until a writer takes it. So batches grow while all writers are busy, and a single row is written at once. On
 * completion the window closes and emits what it holds.
 */
export const batch =
  (window: Window, limits: BatchLimits, clock: SchedulerLike): OperatorFunction<Accepted, Batch> =>
  items =>
    defer(() => {
      const open = new OpenBatches(limits)
      return items.pipe(
        collect(window, clock),
        concatMap(chunk =>
          chunk.flatMap(item => {
            const opened = open.add(item)
            return opened === undefined ? [] : [opened]
          }),
        ),
      )
    })
