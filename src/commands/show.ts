import { Args } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import type { ExitName } from '../core/exit-codes.js';
import { describeExits } from '../cli/frame/exit-help.js';

export default class Show extends BaseCommand {
  static override summary = 'Show a plan that plan --out saved, and whether it can still be applied.';
  static override description =
    'Works offline: whether the servers have moved since is found by apply, which looks again.' +
    describeExits({ done: true, invalidInput: 'not a saved plan' });
  static override examples = ['<%= config.bin %> show nightly.plan.json'];
  static override args = {
    saved: Args.string({ description: 'Saved plan.', required: true, ignoreStdin: true }),
  };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(Show);
    const { showSavedPlan } = await import('../cli/plan/show-saved-plan.js');
    await showSavedPlan(this.compose(flags), args.saved, flags, this.screen());
    return 'done';
  }
}
