import { firstValueFrom, type SchedulerLike, timer } from 'rxjs'
import { Fault } from '../../model/faults.ts'

const tries = 5
const firstPauseMs = 500

/** Retries transient Faults for a few seconds. @throws the error of the last attempt */
export const persist = async <T>(attempt: () => Promise<T>, clock: SchedulerLike): Promise<T> => {
  for (let left = tries; ; left -= 1) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof Fault) || error.kind !== 'transient' || left === 1) throw error
      await firstValueFrom(timer(firstPauseMs * 2 ** (tries - left), clock))
    }
  }
}
