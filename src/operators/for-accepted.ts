import { connect, filter, merge, type OperatorFunction } from 'rxjs'
import { type Accepted, type Rejected, type Settled } from '../model/record.ts'

/**
 * Applies an operator to accepted records. Rejected records bypass it, so they never wait for the table, and the table never
 * waits for the dead-letter topic.
 */
export const forAccepted = (
  operator: OperatorFunction<Accepted, Settled | Rejected>,
): OperatorFunction<Accepted | Rejected, Settled | Rejected> =>
  connect(items =>
    merge(
      items.pipe(filter(item => item.kind === 'rejected')),
      items.pipe(
        filter(item => item.kind === 'accepted'),
        operator,
      ),
    ),
  )
