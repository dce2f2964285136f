// Numbers and times as people read them.

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })
const oneDigit = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 })

export const nothing = '–'

export const count = number => (number === null ? nothing : whole.format(number))

/** Few are shown with a digit behind the point, many are rounded. */
export const rate = number => (number === null ? nothing : `${(number < 10 ? oneDigit : whole).format(number)}/s`)

const units = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
  [1, 'ms'],
]

/** A time of so many milliseconds, in the largest unit that fits it. */
export const duration = ms => {
  if (ms === null) return nothing
  if (ms > 0 && ms < 1) return `${whole.format(ms * 1000)} µs`
  const [size, unit] = units.find(([size]) => ms >= size) ?? [1, 'ms']
  const value = ms / size
  return `${(value < 10 ? oneDigit : whole).format(value)} ${unit}`
}

export const bytes = number =>
  number < 1_048_576 ? `${whole.format(number / 1024)} KiB` : `${oneDigit.format(number / 1_048_576)} MiB`

/** Time of day, on the reader's own clock. */
export const timeOfDay = ms => new Date(ms).toLocaleTimeString('en-GB')
