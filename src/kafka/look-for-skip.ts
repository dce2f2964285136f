import { catchError, defer, EMPTY, type Observable, throwError } from 'rxjs'
import { Fault } from '../model/faults.ts'
import { faultOf } from './faults.ts'
import { type Locating } from './locate.ts'

/**
 * Checks once whether the group has committed an offset after `position`, where a record batch cannot be decoded: an operator
 * may have skipped it. Ignores faults, because the next check follows.
 */
export const lookForSkip = (
  { member, events }: Pick<Locating, 'member' | 'events'>,
  partition: number,
  position: number,
  end: number,
): Observable<unknown> =>
  defer(async () => {
    const committed = (await member.committed()).get(partition) ?? -1
    if (committed > position) events.located(partition, { offset: committed }, end)
  }).pipe(catchError((error: unknown) => (faultOf(error) instanceof Fault ? EMPTY : throwError(() => error))))
