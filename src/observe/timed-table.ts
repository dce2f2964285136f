import { from, tap } from 'rxjs'
import { type Table } from '../operators/write.ts'
import { type Events } from './events.ts'

/** The same table; what is written is told with its rows and its time. */
export const timedTable = (table: Table, events: Pick<Events, 'writing'>): Table => ({
  write: changes => {
    const done = events.writing(changes.length)
    return from(table.write(changes)).pipe(tap({ complete: done }))
  },
})
