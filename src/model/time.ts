// The last millisecond whose microseconds are exact in a number, in the year 2255. A time in microseconds is later.
const latest = Math.floor(Number.MAX_SAFE_INTEGER / 1000)

/**
 * Whether a record's timestamp is a time in milliseconds since 1970. Old producers send -1; some send microseconds, or more
 * than a date can hold. The worker then uses the time of the read instead.
 */
export const isTime = (milliseconds: number): boolean => milliseconds > 0 && milliseconds <= latest
