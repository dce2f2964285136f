import { type PackedStream } from '../model/change.ts'
import { type Events } from './events.ts'

/** The same stream, with some calls of its steps timed. */
export const timedStream = ({ read, flatten }: PackedStream, events: Pick<Events, 'timed'>): PackedStream => ({
  read: events.timed('parse', read),
  flatten: events.timed('flatten', flatten),
})
