import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { describeExits } from '../cli/frame/exit-help.js';
import { confirmTarget } from '../cli/run/scratch-flags.js';
import type { ExitName } from '../core/exit-codes.js';

export default class Status extends BaseCommand {
  static override summary = 'Show what of a target is a copy, and what is kept of it for rollback.';
  static override description =
    'For each database that a run made or replaced: what it is a copy of, as of when, since when and by which plan, how it was verified, whether it was written since as far as the server tells, and what a rollback would bring back. Runs of every machine write that down on the target, where their account may; the history of this machine knows the rest. Reads no rows: sizes are what the server estimates.\n\nWith --max-age it is for monitoring: a database that is as of an earlier time, was rolled back, is not there or of which nothing says how old it is ends it with exit code 2. With --drop-previous what is kept is dropped, which no rollback can undo; what is live stays as it is.\n\nIn a pipe every database is one tab separated line: database, server and database of the source, run, started (RFC 3339), plan, bytes, tables and bytes of what a rollback brings back, as of (RFC 3339), tables compared, tables compared by digest, written since (RFC 3339), what speaks against this, why it is too old.' +
    describeExits({
      done: true,
      changesPending: 'a database is older than --max-age',
      cannotConnect: true,
      invalidInput: true,
      notApproved: true,
      stalePlan: 'it changed meanwhile',
      targetLocked: true,
    });
  static override examples = [
    '<%= config.bin %> status',
    '<%= config.bin %> status staging --json',
    '<%= config.bin %> status staging --max-age 26h --only "app_*"',
    '<%= config.bin %> status nightly.yaml --drop-previous --only "app_*" --confirm-target staging',
  ];
  static override args = {
    target: Args.string({
      ignoreStdin: true,
      description:
        'Saved connection, or a sync plan or saved plan whose target is meant (default: the plan of this folder).',
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
    'max-age': Flags.string({
      description: 'How old a copy may be, such as 90m, 26h, 7d or 2w.',
      helpValue: 'AGE',
      exclusive: ['drop-previous'],
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
