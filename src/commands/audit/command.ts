import { type AddCommand } from '../add-command.ts'
import { runTool } from '../tool.ts'
import { type AuditOptions, checkOptions, withOptions } from './options.ts'
import { runAudit } from './run-audit.ts'

export const addAudit: AddCommand = (program, edge, done) =>
  void withOptions(program.command('audit'))
    .summary('prove that the table is what the topic says')
    .description(
      'Reads the topic up to where the group has committed, works out by the rules of the stream what table and ' +
        'dead-letter topic must hold, and compares. It reads only, unless --fix is given; it joins no group and commits nothing.\n\n' +
        'Times are 2026-11-23 (midnight, UTC) or 2026-11-23T10:00Z. Offsets are partition:offset, separated by commas; the last ' +
        'is not included. Exit code 0: all agrees; 1: something differs; 2: it cannot tell.',
    )
    .action(async (options: AuditOptions) => {
      checkOptions(options)
      const { clock, random } = edge
      done(
        await runTool(edge, (stream, settings, terminal, signal) =>
          runAudit(options, stream, settings, { terminal, signal, clock, random }),
        ),
      )
    })
