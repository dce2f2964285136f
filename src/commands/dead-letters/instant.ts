import { isTime } from '../../model/time.ts'

/** A record's timestamp as text. A producer may have set it to any number. */
export const instant = (milliseconds: number): string =>
  isTime(milliseconds) ? new Date(milliseconds).toISOString() : 'no time'
