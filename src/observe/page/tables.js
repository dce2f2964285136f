import { count, nothing, timeOfDay } from './format.js'

const cell = (name, text, className = '') => {
  const element = document.createElement(name)
  element.textContent = text
  if (className !== '') element.className = className
  return element
}

const row = (cells, head) => {
  const element = document.createElement('tr')
  for (const [at, { text, number }] of cells.entries()) {
    const found = cell(head || at === 0 ? 'th' : 'td', text, number ? 'count' : '')
    if (head) found.scope = 'col'
    else if (at === 0) found.scope = 'row'
    element.append(found)
  }
  return element
}

/** A table with a heading for each column; `number` columns are right-aligned. */
const table = (caption, columns, rows) => {
  const element = document.createElement('table')
  const [head, body] = [document.createElement('thead'), document.createElement('tbody')]
  head.append(row(columns, true))
  for (const texts of rows)
    body.append(
      row(
        columns.map(({ number }, at) => ({ text: texts[at], number })),
        false,
      ),
    )
  element.append(cell('caption', caption), head, body)
  return element
}

const column = text => ({ text, number: false })
const numbers = text => ({ text, number: true })

const show = (id, ...elements) => document.getElementById(id).replaceChildren(...elements)

export const showPartitions = ({ partitions, lag, heldBack }) => {
  if (partitions.length === 0) return show('partitions', cell('p', 'None assigned.', 'quiet'))
  const state = heldBack === null ? 'reading' : `paused: ${heldBack === 'fault' ? 'a fault' : 'full'}`
  show(
    'partitions',
    table(
      `${count(partitions.length)} assigned, ${count(lag)} records behind`,
      [column('partition'), numbers('read up to'), numbers('end'), numbers('lag'), column('state')],
      partitions.map(one => [
        String(one.partition),
        one.position === undefined ? nothing : count(one.position),
        one.end === undefined ? nothing : count(one.end),
        count(one.lag),
        one.waiting === null ? state : `waits: ${one.waiting}`,
      ]),
    ),
  )
}

export const showLetters = ({ deadLetters, deadLettersByReason, deadLetterTopic }) => {
  if (deadLetters.length === 0)
    return show('letters', cell('p', `None so far. They go to ${deadLetterTopic}.`, 'quiet'))
  const reasons = Object.entries(deadLettersByReason).filter(([, number]) => number > 0)
  show(
    'letters',
    table(
      `In ${deadLetterTopic}, since the start: ${reasons.map(([reason, number]) => `${reason} ${count(number)}`).join(', ')}`,
      [column('time'), column('reason'), column('at'), numbers('partition'), numbers('offset')],
      deadLetters.map(({ time, reason, stage, partition, offset }) => [
        timeOfDay(time),
        reason,
        stage,
        String(partition),
        String(offset),
      ]),
    ),
  )
}

export const showSettings = inForce => {
  const rows = inForce.map(({ variable, shown, isDefault }) => [
    variable,
    shown === '' ? 'not set' : shown,
    isDefault ? 'default' : 'set',
  ])
  show('settings', table('Secrets are masked.', [column('variable'), column('value'), column('')], rows))
}
