import { type AddCommand } from '../add-command.ts'
import { runTool } from '../tool.ts'
import { type AuditOptions, checkOptions, withOptions } from './options.ts'
import { runAudit } from './run-audit.ts'

export const addAudit: AddCommand = (program, edge, done) =>
  void withOptions(program.command('audit'))
    .summary('verify that the table matches the topic')
    .description(
      "Reads the topic up to the group's committed offsets, computes the expected rows and dead letters with the stream's own " +
        'rules, and compares. Without --fix it only reads. It joins no group and commits nothing.\n\n' +
        'Times are 2026-11-23 (midnight, UTC) or 2026-11-23T10:00Z. Offsets are partition:offset, separated by ' +
        'commas; those of --to are not included.',
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
