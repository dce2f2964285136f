/** A date-time of ISO 8601's extended format: to the minute or finer, its offset `Z`, `+05:30`, `+0530` or `+05`. */
const dateTime =
  /^(?<date>\d{4}-\d\d-\d\d)T(?<minute>\d\d:\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?(?:Z|(?<offset>[+-]([01]\d|2[0-3])(:?[0-5]\d)?))$/

/** The form in which today's producer writes: 2023-07-27T04:12:18.511Z. */
const usualForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

const dayMs = 86_400_000

const minutesOf = (offset: string): number => {
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3).replace(':', ''))
  return offset.startsWith('-') ? -minutes : minutes
}

const digit = (text: string, at: number): number => text.charCodeAt(at) - 48
const twoDigits = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1)

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const daysIn = (year: number, month: number): number => {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 && isLeap ? 29 : (monthLengths[month - 1] ?? 0)
}

// After so many years days and leap years come again as they were. Of years below 100 Date.UTC makes 1900 and more.
const cycle = 400
const cycleMs = 146_097 * dayMs

/** Of a text in the usual form, at half of what Date.parse takes, which rolls over 30 February and 24:00 besides. */
const parseUtc = (text: string): number | undefined => {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  if (day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59) return undefined
  const millisecond = twoDigits(text, 20) * 10 + digit(text, 22)
  return Date.UTC(year + cycle, month - 1, day, hour, minute, second, millisecond) - cycleMs
}

const parseAnyForm = (text: string): number | undefined => {
  const { date, minute, second = '00', fraction = '', offset = '+00' } = dateTime.exec(text)?.groups ?? {}
  if (date === undefined || minute === undefined) return undefined
  const local = parseUtc(`${date}T${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`)
  return local === undefined ? undefined : local - minutesOf(offset) * 60_000
}

/**
 * Milliseconds since 1970-01-01T00:00Z of an ISO 8601 date-time, what is finer than a millisecond cut off; `undefined`
 * for any other text. Nothing is rolled over: neither 24:00 nor a leap second is an instant here.
 */
export const parseInstant = (text: string): number | undefined =>
  usualForm.test(text) ? parseUtc(text) : parseAnyForm(text)

/** The day on which an instant lies in UTC, in days since 1970-01-01. */
export const utcDay = (instant: number): number => Math.floor(instant / dayMs)
