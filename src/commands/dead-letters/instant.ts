import { isTime } from '../../model/time.ts'

/** A record's timestamp as text. Any producer can write to the topic, with any number for a time. */
export const instant = (milliseconds: number): string =>
  isTime(milliseconds) ? new Date(milliseconds).toISOString() : 'no time'
