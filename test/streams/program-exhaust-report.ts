/** The columns that the Program Exhaust report selects by `program_id`, from the stream or from the Cassandra driver. */
export interface ReportSource {
  readonly user_id: string
  readonly program_name?: string | null | undefined
  readonly program_externalid?: string | null | undefined
  readonly user_locations?: ReadonlyMap<string, string> | Readonly<Record<string, string>> | null | undefined
  readonly user_type?: string | null | undefined
  readonly user_sub_type?: string | null | undefined
  readonly organisation_name?: string | null | undefined
  readonly pii_consent_required?: boolean | null | undefined
}

const reportedColumns = [
  'user_id',
  'program_name',
  'program_externalid',
  'user_type',
  'user_sub_type',
  'organisation_name',
] as const

/** The keys of `user_locations` that become columns of the report. All others are dropped. */
const reportedLocations = ['state_name', 'district_name', 'block_name', 'cluster_name', 'school_code', 'school_name']

/** One user of the report: the selected columns except the map, and the reported locations from the map. */
export type ReportLine = Readonly<Record<string, string | null | undefined>>

const isMap = (locations: ReportSource['user_locations']): locations is ReadonlyMap<string, string> =>
  locations instanceof Map

const entriesOf = (locations: ReportSource['user_locations']): [string, string][] =>
  isMap(locations) ? [...locations] : Object.entries(locations ?? {})

/** Like exploding the map: a row without any location is not in the report. */
const toLine = (row: ReportSource): ReportLine[] => {
  const reported = entriesOf(row.user_locations).filter(([key]) => reportedLocations.includes(key))
  if (reported.length === 0) return []
  const columns = reportedColumns.map(column => [column, row[column]] as const)
  return [{ ...Object.fromEntries(columns), ...Object.fromEntries(reported) }]
}

/** The report for the rows of one programme. A consent of null is in neither of its two parts. */
export const programExhaustReport = (rows: readonly ReportSource[]) => ({
  withConsent: rows.filter(row => row.pii_consent_required === true).flatMap(toLine),
  withoutConsent: rows.filter(row => row.pii_consent_required === false).flatMap(toLine),
})
