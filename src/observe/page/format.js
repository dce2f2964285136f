// Formats numbers and times for people.

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })
const oneDigit = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 })

export const nothing = '–'

export const count = number => (number === null ? nothing : whole.format(number))

/** With a decimal below 10, otherwise rounded. */
export const rate = number => (number === null ? nothing : `${(number < 10 ? oneDigit : whole).format(number)}/s`)

const units = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
  [1, 'ms'],
]

/** A duration in the largest unit that fits. */
export const duration = ms => {
  if (ms === null) return nothing
  if (ms > 0 && ms < 1) return `${whole.format(ms * 1000)} µs`
  const [size, unit] = units.find(([size]) => ms >= size) ?? [1, 'ms']
  const value = ms / size
  return `${(value < 10 ? oneDigit : whole).format(value)} ${unit}`
}

export const bytes = number =>
  number < 1_048_576 ? `${whole.format(number / 1024)} KiB` : `${oneDigit.format(number / 1_048_576)} MiB`

/** The time of day in the reader's time zone. */
export const timeOfDay = ms => new Date(ms).toLocaleTimeString('en-GB')
