import { catchError, concat, type Observable, throwError } from 'rxjs'
import { InvalidRequest } from '../model/faults.ts'

/**
 * Attempts all items at once. If they are refused, attempts each half, down to the single refused item. One bad item among
 * n costs about 2 log2 n attempts.
 */
export const halving = <T, R>(
  items: readonly T[],
  attempt: (items: readonly T[]) => Observable<R>,
  alone: (item: T, error: InvalidRequest) => Observable<R>,
): Observable<R> =>
  attempt(items).pipe(
    catchError((error: unknown) => {
      if (!(error instanceof InvalidRequest)) return throwError(() => error)
      const [first] = items
      if (first !== undefined && items.length === 1) return alone(first, error)
      const middle = Math.ceil(items.length / 2)
      return concat(halving(items.slice(0, middle), attempt, alone), halving(items.slice(middle), attempt, alone))
    }),
  )
