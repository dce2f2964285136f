import { type TableWriter } from '../cassandra/writer.ts'
import { type Events } from './events.ts'

/** The same table; what is written is told with its rows and its time. */
export const timedTable = (table: TableWriter, events: Pick<Events, 'writing'>): TableWriter => ({
  write: async changes => {
    const done = events.writing(changes.length)
    await table.write(changes)
    done()
  },
})
