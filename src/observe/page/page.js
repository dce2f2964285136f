import { showCharts } from './charts.js'
import { count, duration, nothing, rate, timeOfDay } from './format.js'
import { drawPicture } from './picture.js'
import { showLetters, showPartitions, showSettings } from './tables.js'

const everyMs = 1000
const patienceMs = 4000

const at = id => document.getElementById(id)

/** Sets a text only if it changes, so that a screen reader does not repeat it. */
const put = (element, text) => {
  if (element.textContent !== text) element.textContent = text
}

const showVerdict = ({ level, headline, because }) => {
  at('verdict').dataset.level = level
  put(at('headline'), headline)
  const list = at('because')
  if (because.join('\n') === [...list.children].map(({ textContent }) => textContent).join('\n')) return
  list.replaceChildren(
    ...because.map(text => {
      const item = document.createElement('li')
      item.textContent = text
      return item
    }),
  )
}

const waitOf = ({ step, since, attempts, nextTryAt }, now) =>
  `${step} has been waiting for ${duration(Math.max(0, now - since))}, since ${timeOfDay(since)}; ${count(attempts)} attempts, ` +
  `next in ${duration(Math.max(0, nextTryAt - now))}.`

/** Changes every second, so it is not announced by screen readers. */
const showWaits = ({ troubles, now }) => put(at('waits'), troubles.map(trouble => waitOf(trouble, now)).join(' '))

const auditOf = (audited, now) => {
  if (audited === null) return nothing
  const { finishedAt, differences, isUndecided } = audited
  const found = differences > 0 ? `${count(differences)} differ` : isUndecided ? 'cannot tell' : 'equal'
  return `${found}, ${duration(Math.max(0, now - finishedAt))} ago`
}

const totalsOf = ({ totals, inFlight, now, startedAt, audited }) => [
  ['read', count(totals.read)],
  ['written', count(totals.written)],
  ['superseded', count(totals.superseded)],
  ['dead letters', count(totals.deadLettered)],
  ['in flight', count(inFlight.records)],
  ['commits', count(totals.commits)],
  ['retries', count(totals.retries)],
  ['rebalances', count(totals.rebalances)],
  ['running for', duration(now - startedAt)],
  ['last audit', auditOf(audited, now)],
]

const showTotals = state => {
  const list = at('totals')
  for (const [name, value] of totalsOf(state)) {
    let number = list.querySelector(`[data-total="${name}"]`)
    if (number === null) {
      const [group, term] = [document.createElement('div'), document.createElement('dt')]
      number = document.createElement('dd')
      number.dataset.total = name
      term.textContent = name
      group.append(term, number)
      list.append(group)
    }
    put(number, value)
  }
}

const showNames = ({ stream, topic, group, table, instance, version, startedAt }) => {
  put(at('stream'), stream)
  put(at('where'), `${topic} → ${table}, group ${group}, on ${instance}`)
  put(at('about'), `sunbird-streams ${version}, started ${timeOfDay(startedAt)}.`)
}

const signs = { good: '✓', waiting: '◷', bad: '✕' }

let state
let picture

const redraw = isNarrow => {
  picture = drawPicture(isNarrow)
  at('picture').replaceChildren(picture.svg)
  if (state !== undefined) picture.update(state)
}

const show = () => {
  showNames(state)
  showVerdict(state.verdict)
  showWaits(state)
  picture.update(state)
  showTotals(state)
  showCharts(state)
  showPartitions(state)
  showLetters(state)
  document.title = `${signs[state.verdict.level]} ${rate(state.pace.written)} ${state.stream}`
}

const request = async path => {
  const response = await fetch(path, { signal: AbortSignal.timeout(patienceMs), cache: 'no-store' })
  if (!response.ok) throw new Error(`status ${response.status}`)
  return response.json()
}

const showSilence = () => {
  const seen = state === undefined ? [] : [`the page shows the state of ${timeOfDay(state.now)}`]
  showVerdict({ level: 'unknown', headline: 'The worker does not answer', because: seen })
  put(at('waits'), '')
  document.title = '? sunbird-streams'
}

const isHeld = () => at('hold').getAttribute('aria-pressed') === 'true'

/** What arrives after Pause was pressed is not shown: the page stands still from that moment. */
const refresh = async () => {
  try {
    const next = await request('state')
    const settings = state?.startedAt === next.startedAt ? undefined : await request('settings')
    if (isHeld()) return
    state = next
    show()
    if (settings !== undefined) showSettings(settings)
  } catch {
    if (!isHeld()) showSilence()
  }
}

const poll = async () => {
  if (!isHeld()) await refresh()
  setTimeout(poll, everyMs)
}

at('hold').addEventListener('click', () => at('hold').setAttribute('aria-pressed', String(!isHeld())))

const narrow = matchMedia('(max-width: 720px)')
narrow.addEventListener('change', ({ matches }) => redraw(matches))
redraw(narrow.matches)
void poll()
