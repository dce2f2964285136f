/** A date-time of ISO 8601's extended format: to the minute or finer, its offset `Z`, `+05:30`, `+0530` or `+05`. */
const dateTime =
  /^(?<date>\d{4}-\d\d-\d\d)T(?<minute>\d\d:\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?(?:Z|(?<offset>[+-]([01]\d|2[0-3])(:?[0-5]\d)?))$/

/** The form in which today's producer writes, 2023-07-27T04:12:18.511Z; read as it stands, at a third of the cost. */
const usualForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

const minutesOf = (offset: string): number => {
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3).replace(':', ''))
  return offset.startsWith('-') ? -minutes : minutes
}

/**
 * Date.parse refuses every field out of range but two, and those it rolls over into another day: a day that its month
 * has not (30 February), and 24:00.
 */
const parseUtc = (text: string): number | undefined => {
  const instant = Date.parse(text)
  return new Date(instant).getUTCDate() === Number(text.slice(8, 10)) ? instant : undefined
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
export const utcDay = (instant: number): number => Math.floor(instant / 86_400_000)
