import { type Accepted } from '../model/record.ts'
import { type Events } from './events.ts'

interface Table {
  write(changes: readonly Accepted[]): Promise<void>
}

/** The same table; each write is reported with its rows and its time. */
export const timedTable = (table: Table, events: Pick<Events, 'writing'>): Table => ({
  write: async changes => {
    const done = events.writing(changes.length)
    await table.write(changes)
    done()
  },
})
