import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Member } from '../../src/kafka/member.ts'
import { Members } from '../../src/kafka/members.ts'
import { Restarts } from '../../src/kafka/restarts.ts'
import { SteppedTime } from '../stepped-time.ts'
import { protocolError, unreachable } from './fake-member.ts'

const opened = (maxRefusals = 5) => {
  const time = new SteppedTime()
  const journal: string[] = []
  const crashed: ((error: unknown) => void)[] = []
  const note = (what: string): void => void journal.push(`${time.now()} ${what}`)
  const open = (crash: (error: unknown) => void): Member => {
    crashed.push(crash)
    const name = crashed.length
    return {
      start: () => note(`${name} starts`),
      leave: () => {
        note(`${name} leaves`)
        return Promise.resolve()
      },
      committed: () => assert.fail(),
      bounds: () => assert.fail(),
      offsetAt: () => assert.fail(),
      heartbeat: () => assert.fail(),
      wake: () => assert.fail(),
    }
  }
  const watch = {
    restarting: (_: Error, attempt: number, ms: number) => note(`crash ${attempt}, again in ${ms}`),
    failed: (error: unknown) => note(`failed: ${String(error)}`),
  }
  const wait = { backoff: { firstMs: 4, capMs: 16 }, clock: time.wall, random: () => 0 }
  return { members: new Members(open, new Restarts(maxRefusals), watch, wait), time, journal, crashed }
}

describe('the members of a process', () => {
  test('start with one', () => {
    const { members, journal } = opened()
    assert.equal(members.current, undefined)
    members.start()
    assert.deepEqual(journal, ['0 1 starts'])
  })

  test('follow each other after a delay that doubles up to its cap', async () => {
    const { members, journal, crashed, time } = opened()
    members.start()
    for (let crash = 0; crash < 4; crash += 1) {
      crashed[crash]?.(unreachable())
      await time.advance(8)
    }
    assert.deepEqual(
      journal.filter(line => !line.includes('leaves')),
      [
        ...['0 1 starts', '0 crash 1, again in 2', '2 2 starts', '8 crash 2, again in 4', '12 3 starts'],
        ...['16 crash 3, again in 8', '24 4 starts', '24 crash 4, again in 8', '32 5 starts'],
      ],
    )
  })

  test('leave after a crash, but the last one that joined only when another one has joined', async () => {
    const { members, journal, crashed, time } = opened()
    members.start()
    members.joined()
    crashed[0]?.(unreachable())
    await time.advance(10)
    crashed[1]?.(unreachable())
    await time.advance(10)
    assert.deepEqual(
      journal.filter(line => line.includes('leaves')),
      ['14 2 leaves'],
    )
    members.joined()
    assert.deepEqual(journal.at(-1), '20 1 leaves')
  })

  test('crash once: later events of an earlier member are ignored', async () => {
    const { members, journal, crashed, time } = opened()
    members.start()
    crashed[0]?.(unreachable())
    await time.advance(10)
    const before = journal.length
    crashed[0]?.(unreachable())
    await time.advance(10)
    assert.equal(journal.length, before)
  })

  test('are not replaced after a bug of ours', async () => {
    const { members, journal, crashed, time } = opened()
    members.start()
    crashed[0]?.(new TypeError('a bug'))
    await time.advance(100)
    assert.deepEqual(journal, ['0 1 starts', '0 failed: TypeError: a bug'])
  })

  test('are not replaced after too many refusals', async () => {
    const { members, journal, crashed, time } = opened(1)
    members.start()
    crashed[0]?.(protocolError('GROUP_AUTHORIZATION_FAILED'))
    await time.advance(10)
    crashed[1]?.(protocolError('GROUP_AUTHORIZATION_FAILED'))
    await time.advance(100)
    assert.match(journal.at(-1) ?? '', /failed: .*allow it Read on the group/)
  })

  test('are not replaced after a stop, even during the delay', async () => {
    const { members, journal, crashed, time } = opened()
    members.start()
    crashed[0]?.(unreachable())
    members.stop()
    await time.advance(100)
    assert.equal(members.current === undefined, false)
    assert.deepEqual(journal, ['0 1 starts', '0 crash 1, again in 2'])
  })

  test('may crash while the process stops', () => {
    const { members, journal, crashed } = opened()
    members.start()
    members.stop()
    crashed[0]?.(new TypeError('disconnected'))
    assert.deepEqual(journal, ['0 1 starts'])
  })

  test('all leave at the end, once', async () => {
    const { members, journal, crashed, time } = opened()
    members.start()
    members.joined()
    crashed[0]?.(unreachable())
    await time.advance(10)
    await members.close()
    await members.close()
    assert.deepEqual(journal.slice(-2), ['10 1 leaves', '10 2 leaves'])
  })
})
