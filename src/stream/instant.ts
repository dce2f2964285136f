/** A date-time in the extended format of ISO 8601, at least to the minute, with `Z` or an offset such as `+05:30`, `+0530`, `+05`. */
const dateTime =
  /^(?<date>\d{4}-\d\d-\d\d)T(?<minute>\d\d:\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?(?:Z|(?<offset>[+-]([01]\d|2[0-3])(:?[0-5]\d)?))$/

const dayMs = 86_400_000

const minutesOf = (offset: string): number => {
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3).replace(':', ''))
  return offset.startsWith('-') ? -minutes : minutes
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const daysIn = (year: number, month: number): number => {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 && isLeap ? 29 : (monthLengths[month - 1] ?? 0)
}

// The calendar repeats after this number of years. Date.UTC would add 1900 to years below 100.
const cycle = 400
const cycleMs = 146_097 * dayMs

/** The time of these fields in UTC. Date.parse would accept 30 February and 24:00. */
const utc = (
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  millisecond: number,
): number | undefined => {
  if (day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59) return undefined
  return Date.UTC(year + cycle, month - 1, day, hour, minute, second, millisecond) - cycleMs
}

/**
 * Milliseconds since 1970-01-01T00:00Z of an ISO 8601 date-time, truncated to the millisecond; `undefined` for any other
 * text, including 24:00 and leap seconds.
 */
export const parseInstant = (text: string): number | undefined => {
  const { date, minute, second = '00', fraction = '', offset = '+00' } = dateTime.exec(text)?.groups ?? {}
  if (date === undefined || minute === undefined) return undefined
  const [year = NaN, month = NaN, day = NaN] = date.split('-').map(Number)
  const [hours = NaN, minutes = NaN] = minute.split(':').map(Number)
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const local = utc(year, month, day, hours, minutes, Number(second), milliseconds)
  return local === undefined ? undefined : local - minutesOf(offset) * 60_000
}

const usual = Buffer.from('0000-00-00T00:00:00.000Z')

const isUsual = (bytes: Uint8Array, from: number): boolean => {
  for (let index = 0; index < usual.length; index += 1) {
    const byte = bytes[from + index] ?? 0
    const sample = usual[index]
    if (sample === 48 ? byte < 48 || byte > 57 : byte !== sample) return false
  }
  return true
}

/**
 * The same for bytes in today's producer's format, 2023-07-27T04:12:18.511Z; `undefined` for any other text, which may be an
 * instant in another format.
 */
export const parseUsualInstant = (bytes: Uint8Array, from: number, to: number): number | undefined => {
  if (to - from !== usual.length || !isUsual(bytes, from)) return undefined
  const digit = (index: number): number => (bytes[from + index] ?? 0) - 48
  const two = (index: number): number => digit(index) * 10 + digit(index + 1)
  return utc(two(0) * 100 + two(2), two(5), two(8), two(11), two(14), two(17), two(20) * 10 + digit(22))
}

/** The UTC day of an instant, in days since 1970-01-01. */
export const utcDay = (instant: number): number => Math.floor(instant / dayMs)
