// The positions of the boxes in the picture and of the lines between them: side by side, or stacked on a narrow screen.

const steps = ['topic', 'parse', 'flatten', 'batch', 'write', 'table']

const between = (boxes, path) =>
  steps.slice(1).map((to, at) => ({ from: steps[at], to, kind: 'forth', path: path(boxes[steps[at]], boxes[to]) }))

const wide = () => {
  const [w, h, y] = [142, 92, 62]
  const boxes = Object.fromEntries(steps.map((name, at) => [name, { x: at * 188 + 2, y, w, h }]))
  const letters = { x: 3 * 188 + 2, y: 206, w, h: 74 }
  const middle = ({ x }) => x + w / 2
  const down = name => `M${middle(boxes[name])} ${y + h}V243H${letters.x}`
  const up = `M${middle(boxes.table)} ${y}V26H${middle(boxes.topic)}V${y - 3}`
  return {
    size: [1086, 286],
    boxes: { ...boxes, letters },
    edges: [
      ...between(boxes, (from, to) => `M${from.x + w} ${y + h / 2}H${to.x}`),
      { from: 'parse', to: 'letters', kind: 'to-letters', path: down('parse') },
      { from: 'flatten', to: 'letters', kind: 'to-letters', path: down('flatten') },
      {
        from: 'write',
        to: 'letters',
        kind: 'to-letters',
        path: `M${middle(boxes.write)} ${y + h}V243H${letters.x + w}`,
      },
      { from: 'table', to: 'topic', kind: 'back', path: up },
    ],
    back: { x: 543, y: 18, anchor: 'middle' },
    shut: { x: 190, y: y + h + 20, anchor: 'end' },
    stacked: false,
  }
}

const narrow = () => {
  const [x, w, h, every] = [22, 206, 62, 86]
  const boxes = Object.fromEntries(steps.map((name, at) => [name, { x, y: at * every + 26, w, h }]))
  const letters = { x: 246, y: boxes.batch.y - 8, w: 92, h: 78 }
  const side = name => boxes[name].y + h / 2
  const right = letters.x + letters.w / 2
  const down = name => `M${x + w} ${side(name)}H${right}V${letters.y}`
  return {
    size: [340, boxes.table.y + h + 4],
    boxes: { ...boxes, letters },
    edges: [
      ...between(boxes, (from, to) => `M${x + w / 2} ${from.y + h}V${to.y}`),
      { from: 'parse', to: 'letters', kind: 'to-letters', path: down('parse') },
      { from: 'flatten', to: 'letters', kind: 'to-letters', path: down('flatten') },
      {
        from: 'write',
        to: 'letters',
        kind: 'to-letters',
        path: `M${x + w} ${side('write')}H${right}V${letters.y + letters.h}`,
      },
      { from: 'table', to: 'topic', kind: 'back', path: `M${x} ${side('table')}H8V${side('topic')}H${x - 3}` },
    ],
    back: { x: 8, y: 16, anchor: 'start' },
    shut: { x: x + w / 2 + 12, y: boxes.topic.y + h + 17, anchor: 'start' },
    stacked: true,
  }
}

export const layoutOf = isNarrow => (isNarrow ? narrow() : wide())
