import { count, duration, rate } from './format.js'
import { layoutOf } from './layout.js'

const namespace = 'http://www.w3.org/2000/svg'

const shape = (name, attributes, text) => {
  const element = document.createElementNS(namespace, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  if (text !== undefined) element.textContent = text
  return element
}

const titles = {
  topic: 'topic',
  parse: 'parse',
  flatten: 'flatten',
  batch: 'batch',
  write: 'write',
  table: 'table',
  letters: 'dead letters',
}

/** The box of each step that can wait. */
const boxOf = {
  cassandra: 'table',
  topics: 'topic',
  consume: 'topic',
  locate: 'topic',
  write: 'write',
  'dead-letter': 'letters',
  commit: 'topic',
}

/** The current faults by box. */
const troublesByBox = ({ troubles, servers }) => {
  const found = new Map()
  if (servers.kafka?.usable === false) found.set('topic', { kind: 'transient', says: 'cannot be used' })
  if (servers.cassandra?.usable === false) found.set('table', { kind: 'transient', says: 'cannot be used' })
  for (const { step, kind, attempts } of troubles) {
    found.set(boxOf[step], {
      kind,
      says: `${kind === 'misconfigured' ? 'needs attention' : 'waits'}, attempt ${count(attempts)}`,
    })
  }
  return found
}

const tenth = number => (number === null ? '–' : String(number))

/** The large and the small text of each box. */
const figuresOf = ({ pace, lag, inFlight, totals }) => ({
  topic: [rate(pace.read), `lag ${count(lag)}`],
  parse: [duration(pace.parseMs), 'a record'],
  flatten: [duration(pace.flattenMs), 'a record'],
  batch: [`${tenth(pace.batchRows)} rows`, `in flight ${count(inFlight.records)} of ${count(inFlight.bound.records)}`],
  write: [duration(pace.writeMs), 'a write'],
  table: [rate(pace.written), 'written'],
  letters: [rate(pace.deadLettered), `${count(totals.deadLettered)} in total`],
})

const lately = 10_000

const movingThrough = ({ from, kind }, { pace, totals, deadLetters, now }) => {
  switch (kind) {
    case 'to-letters':
      return deadLetters.some(({ stage, time }) => stage === from && now - time < lately) ? pace.deadLettered : 0
    case 'back':
      return pace.commits
    default:
      if (from === 'topic' || from === 'parse') return pace.read
      return from === 'write' ? pace.written : Math.min(pace.read, totals.read)
  }
}

// Only a few speeds, because an animation jumps when its duration changes.
const speeds = [
  [1000, '0.45s'],
  [50, '0.9s'],
  [0, '1.8s'],
]

const drawBox = (svg, name, { x, y, w, h }, stacked) => {
  const group = shape('g', { class: 'step', 'data-step': name })
  const inset = x + 11
  // In the stacked layout the number is beside the title, unless the box is too narrow.
  const beside = stacked && w > 150
  const number = beside
    ? { x: x + w - 11, y: y + 24, 'text-anchor': 'end' }
    : { x: inset, y: y + (h < 80 ? 44 : 50), 'text-anchor': 'start' }
  const parts = {
    group,
    number: shape('text', { class: 'number', ...number }),
    small: shape('text', { class: 'quiet', x: inset, y: beside ? y + 46 : y + (h < 80 ? 63 : 73) }),
  }
  group.append(
    shape('rect', { class: 'box', x, y, width: w, height: h, rx: 8 }),
    shape('text', { x: inset, y: y + 23 }, titles[name]),
    parts.number,
    parts.small,
  )
  if (name === 'batch') {
    parts.fill = shape('rect', { class: 'fill', x: inset, y: y + h - 9, width: 0, height: 4, rx: 2 })
    parts.room = w - 22
    group.append(shape('rect', { class: 'gauge', x: inset, y: y + h - 9, width: w - 22, height: 4, rx: 2 }), parts.fill)
  }
  svg.append(group)
  return parts
}

const drawArrow = svg => {
  const box = { id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 9, markerHeight: 9 }
  const marker = shape('marker', { ...box, markerUnits: 'userSpaceOnUse', orient: 'auto' })
  marker.append(shape('path', { class: 'arrow', d: 'M0 0L8 4L0 8Z' }))
  svg.append(marker)
}

const drawEdge = (svg, edge) => {
  const line = shape('path', { class: `edge ${edge.kind}`, d: edge.path, 'marker-end': 'url(#arrow)' })
  const flow = shape('path', { class: `flow ${edge.kind}`, d: edge.path })
  svg.append(line, flow)
  return { ...edge, line, flow }
}

const updateEdge = (edge, state) => {
  const moving = movingThrough(edge, state)
  const isShut = edge.from === 'topic' && state.heldBack !== null
  edge.flow.classList.toggle('moving', moving > 0 && !isShut)
  edge.line.classList.toggle('shut', isShut)
  const [, speed] = speeds.find(([least]) => moving >= least)
  if (edge.flow.style.animationDuration !== speed) edge.flow.style.animationDuration = speed
}

const updateBox = ({ group, number, small, fill, room }, [large, under], trouble, { inFlight }) => {
  number.textContent = large
  small.textContent = trouble?.says ?? under
  group.classList.toggle('bad', trouble?.kind === 'misconfigured')
  group.classList.toggle('waiting', trouble?.kind === 'transient')
  if (fill === undefined) return
  const fullness = Math.max(inFlight.records / inFlight.bound.records, inFlight.bytes / inFlight.bound.bytes)
  fill.setAttribute('width', String(Math.min(1, fullness) * room))
}

const describe = (state, figures, troubles) => {
  const boxes = Object.entries(figures).map(([name, lines]) => `${titles[name]} ${lines.join(', ')}`)
  const waits = [...troubles].map(([name, { says }]) => `${titles[name]} ${says}`)
  const held = state.heldBack === null ? '' : '. Reading is paused'
  return `From topic to table: ${boxes.join('; ')}${held}${waits.length > 0 ? `. Faults: ${waits.join('; ')}` : ''}`
}

/** The picture of the path; `update` draws a new state. */
export const drawPicture = isNarrow => {
  const { size, boxes, edges, back, shut, stacked } = layoutOf(isNarrow)
  const svg = shape('svg', { viewBox: `0 0 ${size.join(' ')}`, role: 'img' })
  drawArrow(svg)
  const lines = edges.map(edge => drawEdge(svg, edge))
  const parts = Object.entries(boxes).map(([name, box]) => [name, drawBox(svg, name, box, stacked)])
  const commits = shape('text', { class: 'quiet', x: back.x, y: back.y, 'text-anchor': back.anchor })
  const sign = shape('text', { class: 'shut-sign', x: shut.x, y: shut.y, 'text-anchor': shut.anchor })
  svg.append(commits, sign)
  const update = state => {
    const [figures, troubles] = [figuresOf(state), troublesByBox(state)]
    for (const edge of lines) updateEdge(edge, state)
    for (const [name, part] of parts) updateBox(part, figures[name], troubles.get(name), state)
    commits.textContent = `commits ${rate(state.pace.commits)}, from topic to table ${duration(state.pace.ageMs)}`
    sign.textContent = state.heldBack === null ? '' : `paused: ${state.heldBack === 'fault' ? 'a fault' : 'full'}`
    svg.setAttribute('aria-label', describe(state, figures, troubles))
  }
  return { svg, update }
}
