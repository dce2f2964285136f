/** The sum of a worker's metric, over all samples whose labels contain this text; 0 if there are none. */
export const metricIn = (exposition: string, name: string, labels = ''): number =>
  exposition
    .split('\n')
    .filter(line => line.startsWith(`sunbird_streams_${name}{`) && line.includes(labels))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
