/**
 * What one event does to the table, as it waits for a writer: the bytes to send and what batches need to know. As objects
 * the values would take many times the room, and the garbage collector's time.
 */
export interface PackedChange {
  readonly kind: 'upsert' | 'remove'
  /** The same for all rows of one table partition, and for no others. */
  readonly partition: string
  /** The same for all versions of one row of its table partition, and for no others. */
  readonly row: string
  /** The columns that an upsert leaves as they are in the table. */
  readonly leaves: readonly string[]
  /** The event's own time of change in milliseconds. */
  readonly eventTime: number
  /** Between `start` and `end`: the values of an upsert's columns or of a removal's key, as the native protocol has them. */
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
}

/** A stream as the pipeline runs it: from a message's value to what is read of it, and from that to what is written. */
export interface PackedStream {
  /** @throws InvalidEvent when the value is no event of this stream */
  readonly read: (value: Buffer | null) => unknown
  /** @throws InvalidEvent as `Stream.flatten` does */
  readonly flatten: (event: unknown) => PackedChange
}
