import { connect, filter, merge, type OperatorFunction } from 'rxjs'
import { type Accepted, type Rejected, type Settled } from '../model/record.ts'

/**
 * Takes accepted records through `way`. Rejected ones pass it by at once: they never wait for the table, and the table
 * never waits for their topic.
 */
export const forAccepted = (
  way: OperatorFunction<Accepted, Settled | Rejected>,
): OperatorFunction<Accepted | Rejected, Settled | Rejected> =>
  connect(items =>
    merge(
      items.pipe(filter(item => item.kind === 'rejected')),
      items.pipe(
        filter(item => item.kind === 'accepted'),
        way,
      ),
    ),
  )
