/** Rows in columns, separated by two spaces, with numbers right-aligned. */
export const columns = (rows: readonly (readonly (string | number)[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => String(row[column] ?? '').length)))
  const cell = (value: string | number, column: number): string =>
    typeof value === 'number' ? String(value).padStart(widths[column] ?? 0) : value.padEnd(widths[column] ?? 0)
  return rows.map(row => `${row.map(cell).join('  ').trimEnd()}\n`).join('')
}
