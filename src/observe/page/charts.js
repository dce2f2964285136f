import { count, duration, nothing, rate } from './format.js'

const namespace = 'http://www.w3.org/2000/svg'
const [width, height] = [360, 140]
const plot = { left: 50, right: 352, top: 10, bottom: 112 }
const kept = 300

const shape = (name, attributes, text) => {
  const element = document.createElementNS(namespace, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  if (text !== undefined) element.textContent = text
  return element
}

/** The next round number, at least `most`: 1, 2 or 5 times a power of ten. */
export const ceiling = most => {
  if (most <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(most))
  return [1, 2, 5, 10].map(times => times * power).find(round => round >= most)
}

/** The points of a curve, with the newest at the right edge, and gaps where there are no values. */
const curve = (values, top) => {
  let pen = 'M'
  return values
    .map((value, at) => {
      if (value === null) {
        pen = 'M'
        return ''
      }
      const x = plot.right - ((values.length - 1 - at) / (kept - 1)) * (plot.right - plot.left)
      const y = plot.bottom - (value / top) * (plot.bottom - plot.top)
      const point = `${pen}${x.toFixed(1)} ${y.toFixed(1)}`
      // A single value is a dot: a line of zero length with a round cap.
      const dot = pen === 'M' ? 'h0.01' : ''
      pen = 'L'
      return point + dot
    })
    .join('')
}

const axis = (svg, top, unit) => {
  for (const share of [0, 0.5, 1]) {
    const y = plot.bottom - share * (plot.bottom - plot.top)
    svg.append(
      shape('line', { class: 'grid', x1: plot.left, x2: plot.right, y1: y, y2: y }),
      shape('text', { class: 'quiet', x: plot.left - 6, y: y + 4, 'text-anchor': 'end' }, unit(share * top)),
    )
  }
  svg.append(
    shape('text', { class: 'quiet', x: plot.left, y: height - 8 }, '5 min ago'),
    shape('text', { class: 'quiet', x: plot.right, y: height - 8, 'text-anchor': 'end' }, 'now'),
  )
}

const series = ['one', 'two', 'three']

const legend = (lines, unit) => {
  const list = document.createElement('ul')
  list.className = 'legend'
  for (const [at, { name, now }] of lines.entries()) {
    const item = document.createElement('li')
    const sign = shape('svg', { viewBox: '0 0 22 8', 'aria-hidden': 'true' })
    sign.append(shape('path', { class: `curve ${series[at]}`, d: 'M0 4H22' }))
    item.append(sign, `${name}: ${now === null || now === undefined ? nothing : unit(now)}`)
    list.append(item)
  }
  return list
}

const chart = (title, lines, unit) => {
  const figure = document.createElement('figure')
  figure.className = 'card'
  const most = Math.max(0, ...lines.flatMap(({ values }) => values.filter(value => value !== null)))
  const top = ceiling(most)
  const says = lines.map(({ name, now }) => `${name} ${now === null || now === undefined ? 'none' : unit(now)} now`)
  const label = `${title} over the last five minutes: ${says.join(', ')}; at most ${unit(most)}`
  const svg = shape('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label })
  axis(svg, top, unit)
  for (const [at, { values }] of lines.entries()) {
    svg.append(shape('path', { class: `curve ${series[at]}`, 'stroke-linecap': 'round', d: curve(values, top) }))
  }
  const caption = document.createElement('figcaption')
  caption.textContent = title
  figure.append(caption, legend(lines, unit), svg)
  return figure
}

/** Three small charts: rates, times and queues. */
export const showCharts = ({ seconds, pace, lag, inFlight }) => {
  const line = (name, key, now) => ({ name, now, values: seconds.map(second => second[key]) })
  document
    .getElementById('charts')
    .replaceChildren(
      chart(
        'Records a second',
        [
          line('read', 'read', pace.read),
          line('written', 'written', pace.written),
          line('dead letters', 'deadLettered', pace.deadLettered),
        ],
        rate,
      ),
      chart(
        'Times',
        [
          line('a write', 'writeMs', pace.writeMs),
          line('topic to table, p50', 'ageMs', pace.ageMs),
          line('topic to table, p99', 'ageP99Ms', seconds.at(-1)?.ageP99Ms ?? null),
        ],
        duration,
      ),
      chart('Waiting', [line('lag', 'lag', lag), line('in flight', 'inFlight', inFlight.records)], count),
    )
}
