import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import type { ExitName } from '../core/exit-codes.js';
import { describeExits } from '../cli/frame/exit-help.js';

export default class Rollback extends BaseCommand {
  static override summary = 'Swap back what an apply replaced.';
  static override description =
    'An apply keeps what it replaces on the target until the next apply of that database. Rolling back swaps it in again, views, triggers, routines and events included, and keeps in turn what was live, so that a rollback can be rolled back. A database that the run created is removed.\n\nWith RUN it undoes that run, with --plan the newest run of that plan file, whoever started it; runs of other plans are never touched. With neither it lists what is kept.\n\nWhat was written to the databases since that run is no longer live afterwards.' +
    describeExits({
      done: true,
      databaseFailed: true,
      cannotConnect: true,
      invalidInput: 'no such run',
      notApproved: true,
      stalePlan: 'what was kept is gone',
      targetLocked: true,
    });
  static override examples = [
    '<%= config.bin %> rollback --plan nightly.yaml',
    '<%= config.bin %> rollback 7q2f4k --confirm-target staging',
    '<%= config.bin %> rollback --plan nightly.yaml --only shop --confirm-target staging',
  ];
  static override args = {
    run: Args.string({
      ignoreStdin: true,
      description: 'Run whose effect is undone (default: the newest of --plan).',
    }),
  };
  static override flags = {
    plan: Flags.string({
      description: 'Sync plan whose newest run is undone; with RUN, whose target is meant.',
      helpValue: 'FILE',
    }),
    target: Flags.string({
      description: 'Saved connection of the target (default: from the history).',
      helpValue: 'NAME',
      exclusive: ['plan'],
    }),
    only: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'Only the databases of the target that match this glob.',
      helpValue: 'PAT',
      default: [],
      // An empty list would be shown as [default: ].
      defaultHelp: () => Promise.resolve(undefined),
    }),
    'confirm-target': Flags.string({ description: "Approve: the target's name.", helpValue: 'NAME' }),
  };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(Rollback);
    const { rollBackFromCommandLine } = await import('../cli/run/rollback.js');
    return rollBackFromCommandLine(this.compose(flags), args.run, flags, this.screen());
  }
}
