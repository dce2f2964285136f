import { firstValueFrom, type SchedulerLike, timer } from 'rxjs'
import { Fault } from '../../model/faults.ts'

const tries = 5
const firstPauseMs = 500

/** Tries again for some seconds what fails by a fault that passes. @throws what the last try has thrown */
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
