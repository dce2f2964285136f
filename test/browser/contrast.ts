import { type Page } from 'playwright-core'

export interface Contrast {
  readonly text: string
  /** The contrast ratio of WCAG 2, from 1 to 21. */
  readonly ratio: number
}

// Runs in the page: the contrast of every text with its background. For a text in the picture this is its box.
const measure = `(() => {
  const parse = colour => (colour.match(/[\\d.]+/g) ?? []).map(Number)
  const light = colour => {
    const [r, g, b] = parse(colour).slice(0, 3).map(part => {
      const share = part / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const isSeeThrough = colour => parse(colour)[3] === 0
  const behind = element => {
    const box = element.closest('.step')?.querySelector('.box')
    if (box) return getComputedStyle(box).fill
    for (let at = element; at !== null; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor
      if (!isSeeThrough(colour)) return colour
    }
    return 'rgb(255, 255, 255)'
  }
  const own = element => [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim() !== '')
  return [...document.querySelectorAll('body *')]
    .filter(element => own(element) && element.checkVisibility() && !['NOSCRIPT', 'SCRIPT'].includes(element.tagName))
    .map(element => {
      const style = getComputedStyle(element)
      const [a, b] = [light(element instanceof SVGElement ? style.fill : style.color), light(behind(element))]
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
      return { text: element.textContent.trim().slice(0, 40), ratio: Math.round(ratio * 100) / 100 }
    })
})()`

/** The contrast of every visible text. */
export const contrasts = (page: Page): Promise<Contrast[]> => page.evaluate(measure)
