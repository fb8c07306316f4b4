import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { describeExits } from '../cli/frame/exit-help.js';
import { confirmTarget } from '../cli/run/scratch-flags.js';
import type { ExitName } from '../core/exit-codes.js';

export default class Status extends BaseCommand {
  static override summary = 'Show what of a target is a copy, and what is kept of it for rollback.';
  static override description =
    'For each database that a run made or replaced: what it is a copy of, since when and by which plan, and what a rollback would bring back. The target tells of the runs of every machine that left something for a rollback, the history of this machine of what they copied. Reads no rows: sizes are what the server estimates.\n\nWith --drop-previous what is kept is dropped, which no rollback can undo; what is live stays as it is. In a pipe every database is one tab separated line: database, server and database of the source, run, started (RFC 3339), plan, bytes, tables and bytes of what a rollback brings back.' +
    describeExits({
      done: true,
      cannotConnect: true,
      invalidInput: true,
      notApproved: true,
      stalePlan: 'it changed meanwhile',
      targetLocked: true,
    });
  static override examples = [
    '<%= config.bin %> status',
    '<%= config.bin %> status staging --json',
    '<%= config.bin %> status nightly.yaml --drop-previous --only "app_*" --confirm-target staging',
  ];
  static override args = {
    target: Args.string({
      ignoreStdin: true,
      description:
        'Saved connection, or a sync plan whose target is meant (default: the plan of this folder).',
    }),
  };
  static override flags = {
    only: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'Only the databases of the target that match this glob.',
      helpValue: 'PAT',
      default: [],
      // An empty list would be shown as [default: ].
      defaultHelp: () => Promise.resolve(undefined),
    }),
    'drop-previous': Flags.boolean({ description: 'Drop what is kept for rollback.' }),
    ...confirmTarget,
  };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(Status);
    const { statusFromCommandLine } = await import('../cli/run/status.js');
    return statusFromCommandLine(this.compose(flags), args.target, flags, this.screen());
  }
}
