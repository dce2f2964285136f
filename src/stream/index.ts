// What a stream is written with; streams/ imports from here alone.
export {
  type Change,
  defineStream,
  type Key,
  remove,
  type Row,
  type Stream,
  type TableDefinition,
  upsert,
} from './definition.ts'
export { InvalidEvent, type Reason } from './invalid-event.ts'
export { JsonObject } from './json.ts'
