import { type Client } from 'cassandra-driver'
import { requestFault } from './connection-errors.ts'

/** The current connections of the driver. */
export interface DriverState {
  readonly hosts: number
  readonly connections: number
  /** Requests without a response yet. */
  readonly inFlight: number
}

/** Probes a connected client. */
export interface CassandraProbe {
  /**
   * Completes if a node answers.
   *
   * @throws Fault if none does
   */
  probe(): Promise<void>
  state(): DriverState
}

const snapshotOf = (client: Client): DriverState => {
  const state = client.getState()
  const hosts = state.getConnectedHosts()
  const sum = (of: (host: (typeof hosts)[number]) => number): number => hosts.reduce((all, host) => all + of(host), 0)
  return {
    hosts: hosts.length,
    connections: sum(host => state.getOpenConnections(host)),
    inFlight: sum(host => state.getInFlightQueries(host)),
  }
}

export const probeOf = (client: Client): CassandraProbe => ({
  probe: async () => {
    try {
      await client.execute('SELECT key FROM system.local')
    } catch (error) {
      throw requestFault(client, error)
    }
  },
  state: () => snapshotOf(client),
})
