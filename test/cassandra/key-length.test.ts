import { describe, test } from 'node:test'
import { packer } from '../../src/cassandra/packed.ts'
import { type TableDefinition, remove, upsert } from '../../src/stream/definition.ts'
import { rejects } from '../rejects.ts'

const single = {
  columns: { note: 'text', p: 'text', c: 'text' },
  partitionKey: ['p'],
  clusteringKey: ['c'],
} as const satisfies TableDefinition
const composite = { ...single, partitionKey: ['p', 'c'], clusteringKey: [] } as const satisfies TableDefinition

const bytes = (count: number): string => 'x'.repeat(count)

describe('a key', () => {
  test('of 65,535 bytes in each part is accepted, even with a longer value in another column', () => {
    packer(single)(upsert({ p: bytes(65_535), c: bytes(65_535), note: bytes(100_000) }, 0))
    packer(composite)(remove({ p: bytes(65_000), c: bytes(529) }, 0))
  })

  test('one byte longer is rejected, for any kind of change', () => {
    const clustering = 'clustering column c: 65536 bytes, but Cassandra accepts at most 65535'
    rejects(() => packer(single)(upsert({ p: 'p', c: bytes(65_536) }, 0)), 'key-too-long', clustering)
    rejects(() => packer(single)(remove({ p: 'p', c: bytes(65_536) }, 0)), 'key-too-long', clustering)
    const partition = 'partition key (p): 65536 bytes, but Cassandra accepts at most 65535'
    rejects(() => packer(single)(upsert({ p: bytes(65_536), c: 'c' }, 0)), 'key-too-long', partition)
  })

  test('of several columns counts as a whole, with three bytes more for each', () => {
    const message = 'partition key (p, c): 65536 bytes, but Cassandra accepts at most 65535'
    rejects(() => packer(composite)(remove({ p: bytes(65_000), c: bytes(530) }, 0)), 'key-too-long', message)
  })
})
