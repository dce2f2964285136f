import { type Client } from 'cassandra-driver'
import { requestFault } from './connection-errors.ts'

/** The driver's connections at this moment. */
export interface DriverState {
  readonly hosts: number
  readonly connections: number
  /** Requests sent and not yet answered. */
  readonly inFlight: number
}

/** A connected client that can be asked how it does. */
export interface CassandraProbe {
  /**
   * Completes when a node answers.
   *
   * @throws Fault when none does.
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
