import { concatMap, defer, type OperatorFunction, type SchedulerLike } from 'rxjs'
import { type Batch, type BatchLimits, OpenBatches } from '../ledger/batches.ts'
import { type Accepted } from '../model/record.ts'
import { collect, type Window } from './collect.ts'

/**
 * Rows grouped by the table's partition key. A batch is given on when it is opened, at the end of a short window, and
 * goes on growing until a writer takes it: while all writers are busy batches grow by themselves, and a lone row goes
 * out at once. At completion the window closes and what it holds goes on.
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
