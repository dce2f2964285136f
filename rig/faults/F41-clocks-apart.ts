import { type types } from 'cassandra-driver'
import { type CassandraAddress } from '../servers/cql-client.ts'
import { type FaultCase } from './fault.ts'
import { clientOf, untilRingIsWhole } from './ring.ts'
import { comparedFigures, compareLatency, nodeOf, perSecond } from './sick-node.ts'

const aheadSeconds = 5
const sickSeconds = 20

/** How many seconds the clock of a node is ahead of ours, as the node itself says. */
const aheadOfUs = async (address: CassandraAddress): Promise<number> => {
  const client = clientOf(address)
  try {
    const row = (await client.execute('SELECT now() AS now FROM system.local')).first()
    return Math.round(((row.get('now') as types.TimeUuid).getDate().getTime() - Date.now()) / 1000)
  } finally {
    await client.shutdown()
  }
}

export const clocksApart: FaultCase = {
  name: 'F41-clocks-apart',
  title: 'The clock of one of three nodes is 5 s ahead of the others: the version read last wins',
  figures: { secondsAhead: 'clock ahead, s', ...comparedFigures },
  events: perSecond * 180,
  nodes: 3,
  programmes: 10,
  run: async scene => {
    const { node } = nodeOf(scene, 2)
    const restartAhead = async (seconds: number): Promise<void> => {
      await node.setClockAhead(seconds)
      await node.restart()
      await untilRingIsWhole(scene.environment.cassandraNodes)
    }
    const apart = async (): Promise<void> => {
      try {
        await restartAhead(aheadSeconds)
        scene.seen['secondsAhead'] = await aheadOfUs(node)
        scene.expect(scene.seen['secondsAhead'] === aheadSeconds, `the clock is ${scene.seen['secondsAhead']} s ahead`)
        await scene.pass(sickSeconds)
      } finally {
        await restartAhead(0)
      }
    }
    await compareLatency(scene, apart, { rateShare: 0.5 })
  },
}
