import { type FaultCase } from './fault.ts'
import { sigkill, sigkillTwice } from './F01-sigkill.ts'
import { killedBeforeCommit } from './F02-killed-before-commit.ts'
import { sigterm, sigtermTwice } from './F03-sigterm.ts'
import { sigtermWhileDown } from './F04-sigterm-while-down.ts'
import { pausedOwner } from './F05-paused-owner.ts'
import { rollingRestart } from './F06-rolling-restart.ts'
import { neighbourComesAndGoes } from './F07-neighbour-comes-and-goes.ts'
import { partitionsAdded } from './F09-partitions-added.ts'
import { leaderMoved } from './F10-leader-moved.ts'
import { brokerKilled } from './F11-broker-killed.ts'
import { brokersDown, brokersDownShortly } from './F12-brokers-down.ts'
import { coordinatorRestarted } from './F13-coordinator-restarted.ts'
import { commitRefused } from './F14-commit-refused.ts'
import { unknownMember } from './F14-unknown-member.ts'
import { addressThatCloses } from './F15-address-that-closes.ts'
import { badLinkToKafka } from './F15-bad-link-to-kafka.ts'
import { firstAddressLost } from './F15-first-address-lost.ts'
import { forgottenConnections } from './F15-forgotten-connections.ts'
import { killedAfterReset, outOfRange, outOfRangeWhileReading, outOfRangeWithLatest } from './F16-out-of-range.ts'
import { topicMadeAnew } from './F17-topic-made-anew.ts'
import { cassandraDown, cassandraDownShortly } from './F18-cassandra-down.ts'
import { cassandraHangs } from './F19-cassandra-hangs.ts'
import { cassandraRestarts } from './F20-cassandra-restarts.ts'
import { newAddresses } from './F21-new-addresses.ts'
import { badLinkToCassandra } from './F22-bad-link-to-cassandra.ts'
import { errorCodes } from './F23-error-codes.ts'
import { refusesEveryWrite } from './F23-refuses-every-write.ts'
import { keyspaceDropped, tableDropped } from './F24-table-dropped.ts'
import { oneConnection } from './F26-one-connection.ts'
import { largeBatch, refusedRowAlone } from './F27-large-batch.ts'
import { poison } from './F28-poison.ts'
import { largeHeaders } from './F29-large-headers.ts'
import { largeMessages } from './F29-large-messages.ts'
import { deadLetterTopic } from './F30-dead-letter-topic.ts'
import { deadLettersWithoutRoom } from './F30-dead-letters-without-room.ts'
import { compactedDeadLetters } from './F30-compacted-dead-letters.ts'
import { manyVersions } from './F31-many-versions.ts'
import { transactions } from './F32-transactions.ts'
import { codecs } from './F33-codecs.ts'
import { undecodable } from './F33-undecodable.ts'
import { clockBack, clockSteps } from './F34-clock-steps.ts'
import { littleMemory } from './F35-little-memory.ts'
import { zstdBacklog } from './F35-zstd-backlog.ts'
import { soak } from './F36-soak.ts'
import { clocksApart } from './F41-clocks-apart.ts'
import { controlNodeKilled } from './F41-control-node-killed.ts'
import { nodeHangs, nodeHangsShortly, nodeSlow } from './F41-node-hangs.ts'
import { nodeKilled } from './F41-node-killed.ts'
import { nodeDecommissioned, nodeReplaced } from './F41-nodes-exchanged.ts'
import { nodesRestarted } from './F41-rolling-restart.ts'
import { schemaChanges } from './F41-schema-changes.ts'
import { twoNodesDown } from './F41-two-nodes-down.ts'
import { writeTimeouts } from './F41-write-timeouts.ts'
import { latestPinned, latestWithoutLeader } from './F42-latest.ts'
import { equalBacklogs } from './F43-equal-backlogs.ts'
import { brokerBelowMinIsr } from './F44-broker-below-min-isr.ts'
import { brokerSlow } from './F44-broker-slow.ts'
import { lagExporter } from './F44-lag-exporter.ts'
import { offsetsReset } from './F44-offsets-reset.ts'
import { rollingUpgrade } from './F44-rolling-upgrade.ts'
import { fuzz } from './fuzz.ts'

/** All faults, in the order of the matrix. */
export const cases: readonly FaultCase[] = [
  sigkill,
  killedBeforeCommit,
  sigterm,
  sigtermWhileDown,
  pausedOwner,
  rollingRestart,
  neighbourComesAndGoes,
  partitionsAdded,
  leaderMoved,
  brokerKilled,
  brokersDown,
  coordinatorRestarted,
  commitRefused,
  unknownMember,
  badLinkToKafka,
  forgottenConnections,
  addressThatCloses,
  firstAddressLost,
  outOfRange,
  outOfRangeWithLatest,
  outOfRangeWhileReading,
  killedAfterReset,
  topicMadeAnew,
  cassandraDown,
  cassandraHangs,
  cassandraRestarts,
  newAddresses,
  badLinkToCassandra,
  errorCodes,
  refusesEveryWrite,
  tableDropped,
  keyspaceDropped,
  oneConnection,
  largeBatch,
  refusedRowAlone,
  poison,
  largeMessages,
  largeHeaders,
  deadLetterTopic,
  deadLettersWithoutRoom,
  compactedDeadLetters,
  manyVersions,
  transactions,
  codecs,
  undecodable,
  clockSteps,
  clockBack,
  littleMemory,
  zstdBacklog,
  nodeHangs,
  nodeSlow,
  nodeKilled,
  controlNodeKilled,
  twoNodesDown,
  writeTimeouts,
  nodesRestarted,
  schemaChanges,
  nodeReplaced,
  nodeDecommissioned,
  clocksApart,
  latestPinned,
  latestWithoutLeader,
  equalBacklogs,
  brokerSlow,
  brokerBelowMinIsr,
  rollingUpgrade,
  offsetsReset,
  lagExporter,
  fuzz,
  soak,
]

/** A case that runs in every test run. */
export interface FastCase {
  readonly fault: FaultCase
  readonly events: number
  /** Whether it affects servers or links that all cases use, so that it cannot run beside others. */
  readonly alone?: true
}

/** The most important ones, for every test run: short, and with one broker. */
export const fastCases: readonly FastCase[] = [
  { fault: pausedOwner, events: 2_000 },
  { fault: sigkillTwice, events: 4_000 },
  { fault: sigtermTwice, events: 4_000 },
  { fault: killedBeforeCommit, events: 1_500 },
  { fault: manyVersions, events: 3_000 },
  { fault: poison, events: 2_000 },
  { fault: codecs, events: 400 },
  { fault: brokersDownShortly, events: 3_000, alone: true },
  { fault: outOfRange, events: 1_500, alone: true },
  { fault: cassandraDownShortly, events: 3_000, alone: true },
]

/** The one on three Cassandra nodes. */
export const fastOnThreeNodes: FastCase = { fault: nodeHangsShortly, events: 1_800 }

/** All faults with a name: the matrix, and short forms of some. */
export const namedCases: readonly FaultCase[] = [
  ...cases,
  ...[...fastCases, fastOnThreeNodes].map(({ fault }) => fault).filter(fault => !cases.includes(fault)),
]
