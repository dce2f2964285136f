import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CommanderError, Command as Program } from 'commander'
import { addCommands, type Command } from '../../../src/commands/dead-letters/arguments.ts'
import { UsageError } from '../../../src/commands/usage-error.ts'

/** @throws CommanderError, UsageError */
const readCommand = (args: readonly string[]): Command | undefined => {
  let read: Command | undefined
  const group = new Program('dead-letters')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
  addCommands(group, command => void (read = command))
  group.parse(args, { from: 'user' })
  return read
}

const all = { reasons: [], since: -Infinity, until: Infinity, partition: undefined, from: 0, to: Infinity }
const part = (offset: string): string[] => ['replay', '--partition', '2', '--offset', offset]

describe('the arguments of dead-letters', () => {
  const replay = { name: 'replay', filter: all, limit: Infinity, perSecond: 100, dryRun: false, yes: false }
  const table: [args: string[], command: object][] = [
    [['list'], { name: 'list', by: 'hour', filter: all }],
    [['list', '--by', 'each'], { name: 'list', by: 'each', filter: all }],
    [['show', '--partition', '1', '--offset', '7'], { name: 'show', partition: 1, offset: 7, content: false }],
    [['replay'], replay],
    [['replay', '--rate', '50/s', '--limit', '3', '--dry-run'], { ...replay, limit: 3, perSecond: 50, dryRun: true }],
    [['replay', '--rate', '50'], { ...replay, perSecond: 50 }],
    [['replay', '--yes'], { ...replay, yes: true }],
    [part('5'), { ...replay, filter: { ...all, partition: 2, from: 5, to: 6 } }],
    [part('5-9'), { ...replay, filter: { ...all, partition: 2, from: 5, to: 10 } }],
    [part('5-'), { ...replay, filter: { ...all, partition: 2, from: 5 } }],
    [
      [
        'list',
        '--reason',
        'not-json',
        '--reason',
        'bad-date',
        '--since',
        '2026-11-23',
        '--until',
        '2026-11-23T15:30+05:30',
      ],
      {
        name: 'list',
        by: 'hour',
        filter: {
          ...all,
          reasons: ['not-json', 'bad-date'],
          since: Date.UTC(2026, 10, 23),
          until: Date.UTC(2026, 10, 23, 10),
        },
      },
    ],
  ]
  for (const [args, command] of table) {
    test(args.join(' '), () => assert.deepEqual(readCommand(args), command))
  }
})

describe('wrong arguments are rejected with a hint', () => {
  const table: [args: string[], says: RegExp][] = [
    [[], /outputHelp/],
    [['delete'], /unknown command 'delete'/],
    [['show'], /--partition <number>/],
    [['show', '--partition', '0', '--offset', '1-2'], /'1-2' is invalid. Use a whole number/],
    [['list', '--offset', '3'], /--offset requires --partition/],
    [['list', '--reason', 'bad-dates'], /Use one of empty-value, not-json/],
    [['list', '--since', 'yesterday'], /2026-11-23T10:00Z/],
    [['list', '--since', '2026-13-01'], /2026-11-23T10:00Z/],
    [['list', '--since', '2026-11-23T10:00'], /2026-11-23T10:00Z/],
    [['list', '--by', 'week'], /hour, day, each/],
    [part('x'), /Use an offset N, or a range/],
    [part('5--6'), /Use an offset N, or a range/],
    [['replay', '--rate', '0'], /Use a whole number of at least 1/],
    [['replay', '--rate', '1.5/s'], /Use a whole number of at least 1/],
    [['replay', '--limit', '0'], /Use a whole number of at least 1/],
  ]
  for (const [args, says] of table) {
    test(args.join(' ') || 'none', () => {
      assert.throws(
        () => readCommand(args),
        (error: Error) => (error instanceof UsageError || error instanceof CommanderError) && says.test(error.message),
      )
    })
  }
})
