import { join } from 'node:path'

/** One broker before it starts; `id` counts from 1. */
export interface BrokerPlan {
  readonly id: number
  readonly host: string
  readonly port: number
  readonly controllerPort: number
}

export type BrokerSettings = Readonly<Record<string, string>>

/** The lines of server.properties: every node is broker and controller, and topics are not created automatically. */
export const brokerSettings = (broker: BrokerPlan, cluster: readonly BrokerPlan[], folder: string): BrokerSettings => {
  const copies = String(Math.min(3, cluster.length))
  const inSync = String(Math.min(2, cluster.length))
  return {
    'process.roles': 'broker,controller',
    'node.id': String(broker.id),
    'controller.quorum.voters': cluster.map(node => `${node.id}@${node.host}:${node.controllerPort}`).join(),
    listeners: `PLAINTEXT://${broker.host}:${broker.port},CONTROLLER://${broker.host}:${broker.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${broker.host}:${broker.port}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(folder, 'data'),
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': '0',
    // As in production: each broker in its own rack, and a record counts once a second replica has it.
    'broker.rack': `rack-${broker.id}`,
    'default.replication.factor': copies,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': copies,
    // The default is 50 each, for which the first group and the first transaction would wait.
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.num.partitions': '4',
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': inSync,
    // How long a killed broker still counts as running and cannot come back; 9 s by default.
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    // By default 128 MB of the heap.
    'log.cleaner.dedupe.buffer.size': '4194304',
  }
}
