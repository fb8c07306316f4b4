import { BaseCommand } from '../../cli/base-command.js';
import { describeExits } from '../../cli/frame/exit-help.js';
import { planArgs } from '../../cli/plan/plan-flags.js';
import type { ExitName } from '../../core/exit-codes.js';

export default class MaskSuggest extends BaseCommand {
  static override summary = 'Suggest masks for columns without a decision, as YAML to paste.';
  static override description =
    'Goes by the names and types of columns, so that it misses what is named otherwise, and asks no row.' +
    describeExits({ done: true, cannotConnect: true, invalidInput: true });
  static override examples = ['<%= config.bin %> mask suggest plans/shop.yaml'];
  static override args = planArgs;

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(MaskSuggest);
    const { suggestMasks } = await import('../../cli/plan/masks.js');
    return suggestMasks(this.compose(flags), args.file, this.screen());
  }
}
