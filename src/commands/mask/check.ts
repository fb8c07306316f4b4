import { BaseCommand } from '../../cli/base-command.js';
import { describeExits } from '../../cli/frame/exit-help.js';
import { planArgs } from '../../cli/plan/plan-flags.js';
import type { ExitName } from '../../core/exit-codes.js';

export default class MaskCheck extends BaseCommand {
  static override summary = 'Check that every column of a plan with masks is decided, and the lock is true.';
  static override description =
    'Reads the structure of the source and the lock file next to the plan; no row, and nothing of the target. For a pipeline.' +
    describeExits({
      done: 'every column is decided',
      cannotConnect: true,
      invalidInput: true,
      refusedByPolicy: 'a column is not, or not as it was accepted',
    });
  static override examples = [
    '<%= config.bin %> mask check plans/shop.yaml',
    '<%= config.bin %> mask check plans/shop.yaml --json',
  ];
  static override args = planArgs;

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(MaskCheck);
    const { checkMasks } = await import('../../cli/plan/masks.js');
    return checkMasks(this.compose(flags), args.file, this.screen());
  }
}
