// The API for stream authors. Files in streams/ import only this.
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
export { utcDay } from './instant.ts'
export { InvalidEvent, type Reason } from './invalid-event.ts'
export { boolean, instant, int, key, list, object, optional, scalarText, text, type ValueOf } from './shape.ts'
export { Text } from './text.ts'
