import { type FaultCase } from './fault.ts'
import { sigkill } from './F01-sigkill.ts'
import { killedBeforeCommit } from './F02-killed-before-commit.ts'
import { sigterm } from './F03-sigterm.ts'
import { sigtermWhileDown } from './F04-sigterm-while-down.ts'
import { pausedOwner } from './F05-paused-owner.ts'
import { neighbourComesAndGoes } from './F07-neighbour-comes-and-goes.ts'
import { brokersDown } from './F12-brokers-down.ts'
import { outOfRange, outOfRangeWhileReading } from './F16-out-of-range.ts'
import { topicMadeAnew } from './F17-topic-made-anew.ts'
import { cassandraDown } from './F18-cassandra-down.ts'
import { cassandraHangs } from './F19-cassandra-hangs.ts'
import { cassandraRestarts } from './F20-cassandra-restarts.ts'
import { badLinkToCassandra } from './F22-bad-link-to-cassandra.ts'
import { poison } from './F28-poison.ts'
import { largeMessages } from './F29-large-messages.ts'
import { deadLetterTopic } from './F30-dead-letter-topic.ts'
import { manyVersions } from './F31-many-versions.ts'
import { codecs } from './F33-codecs.ts'

/** Every fault there is, in the order of the matrix. */
export const cases: readonly FaultCase[] = [
  sigkill,
  killedBeforeCommit,
  sigterm,
  sigtermWhileDown,
  pausedOwner,
  neighbourComesAndGoes,
  brokersDown,
  outOfRange,
  outOfRangeWhileReading,
  topicMadeAnew,
  cassandraDown,
  cassandraHangs,
  cassandraRestarts,
  badLinkToCassandra,
  poison,
  largeMessages,
  deadLetterTopic,
  manyVersions,
  codecs,
]
