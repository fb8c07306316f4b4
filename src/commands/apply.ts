import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { engineFlag, planArgs, planFlags, refreshFlags } from '../cli/plan/plan-flags.js';
import { applyFlags } from '../cli/run/apply-flags.js';
import { readShard, shardFlags } from '../cli/run/shard-flags.js';
import type { ExitName } from '../core/exit-codes.js';
import { describeExits } from '../cli/frame/exit-help.js';

export default class Apply extends BaseCommand {
  static override summary = 'Do what plan shows: copy, verify, then swap in each database.';
  static override description =
    'Plans again, shows the plan, asks for approval and runs. Nothing live changes until the new copy of a database is complete and verified; a database that fails leaves its target as it was, and the others go on.' +
    describeExits({
      done: true,
      databaseFailed: true,
      cannotConnect: true,
      invalidInput: true,
      notApproved: true,
      stalePlan: true,
      targetLocked: true,
      refusedByPolicy: true,
      interrupted: true,
      terminated: true,
    });
  static override examples = [
    '<%= config.bin %> apply',
    '<%= config.bin %> apply nightly.yaml --confirm-target staging',
    '<%= config.bin %> apply nightly.yaml --only crm --auto-approve',
    '<%= config.bin %> apply nightly.yaml --retry',
  ];
  static override args = planArgs;
  static override flags = {
    ...planFlags,
    ...applyFlags,
    engine: engineFlag(),
    ...refreshFlags,
    ...shardFlags,
    discard: Flags.boolean({
      description:
        'Drop what a run left of a copy that it did not finish, also where a refresh could go on from it.',
    }),
    claim: Flags.boolean({
      description: 'Share a saved plan with other processes: take what none of them has or has done.',
      exclusive: ['retry', 'fail-fast'],
    }),
    workers: Flags.integer({
      description:
        'With --claim: how many workers there are, which share the lanes and max_rate of the plan.',
      helpValue: 'N',
      min: 1,
      dependsOn: ['claim'],
    }),
    retry: Flags.string({
      description: 'Only what the last run of this plan, or RUN, did not apply.',
      helpValue: '[RUN]',
      exclusive: ['only'],
    }),
  };

  protected async perform(): Promise<ExitName> {
    const { bindRetry } = await import('../cli/run/retry.js');
    const { args, flags } = await this.parse(Apply, bindRetry(this.argv));
    const { applyFromCommandLine } = await import('../cli/run/apply.js');
    const shard = readShard(flags, this.environment.variables);
    return applyFromCommandLine(this.compose(flags), args.file, { ...flags, shard }, this.screen());
  }
}
