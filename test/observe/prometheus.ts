/** One line of Prometheus' text format. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Scraped {
  readonly samples: readonly Sample[]
  /**
   * The value of one of our metrics; its name is without prefix.
   *
   * @throws Error if there is none with these labels
   */
  value(name: string, labels?: Readonly<Record<string, string>>): number
  /** The sum over all labels. */
  sum(name: string): number
}

const labelsOf = (text = ''): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]))

/** Parses the text that Prometheus scrapes. */
export const parseMetrics = (text: string): Scraped => {
  const samples = [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = '', labels, value]) => ({
    name,
    labels: labelsOf(labels),
    value: Number(value),
  }))
  const ours = (name: string): Sample[] => samples.filter(sample => sample.name === `sunbird_streams_${name}`)
  return {
    samples,
    value: (name, labels = {}) => {
      const found = ours(name).find(sample => Object.entries(labels).every(([key, is]) => sample.labels[key] === is))
      if (found === undefined) throw new Error(`there is no ${name} with ${JSON.stringify(labels)}`)
      return found.value
    },
    sum: name => ours(name).reduce((sum, { value }) => sum + value, 0),
  }
}
