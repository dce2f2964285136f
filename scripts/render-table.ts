/** A Markdown table, padded like Prettier does. */
export const renderTable = (rows: readonly (readonly string[])[]): string => {
  const cells = rows.map(row => row.map(cell => cell.replaceAll('|', String.raw`\|`)))
  const widths = (cells[0] ?? []).map((_, column) => Math.max(3, ...cells.map(row => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`
  const padded = cells.map(row => line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))))
  return [padded[0], line(widths.map(width => '-'.repeat(width))), ...padded.slice(1)].join('\n')
}
