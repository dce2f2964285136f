/**
 * A change of the table, ready to be sent: its bytes, and what a batch needs to know. As objects, the values would take
 * many times the memory and keep the garbage collector busy.
 */
export interface PackedChange {
  readonly kind: 'upsert' | 'remove'
  /** Identifies the table partition. */
  readonly partition: string
  /** Identifies the row within its table partition. */
  readonly row: string
  /** The columns that an upsert does not set. */
  readonly leaves: readonly string[]
  /** When the event says that the change happened, in milliseconds since 1970. */
  readonly eventTime: number
  /** From `start` to `end`: the columns of an upsert or the key of a removal, encoded for the native protocol. */
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
}

/** A stream as the pipeline runs it: from a message's value to an event, and from the event to a change. */
export interface PackedStream {
  /** @throws InvalidEvent if the value is not an event of this stream */
  readonly read: (value: Buffer | null) => unknown
  /** @throws InvalidEvent as `Stream.flatten` does */
  readonly flatten: (event: unknown) => PackedChange
}
