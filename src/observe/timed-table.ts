import { type Accepted } from '../model/record.ts'
import { type Events } from './events.ts'

interface Table {
  write(changes: readonly Accepted[]): Promise<void>
}

/** The same table. It reports the rows and the duration of each write. */
export const timedTable = (table: Table, events: Pick<Events, 'writing'>): Table => ({
  write: async changes => {
    const done = events.writing(changes.length)
    await table.write(changes)
    done()
  },
})
