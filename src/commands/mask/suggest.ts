import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { describeExits } from '../../cli/frame/exit-help.js';
import { planArgs } from '../../cli/plan/plan-flags.js';
import type { ExitName } from '../../core/exit-codes.js';

export default class MaskSuggest extends BaseCommand {
  static override summary = 'Suggest masks for columns without a decision, as YAML to paste.';
  static override description =
    'Goes by names, comments and types of columns, by tables of applications that there is a pack for, and by what the leak gate would find in a sample: no more than 200 rows of a table, the first and the last by its primary key, 4096 characters of a value, 5 seconds for a table and a minute for all. Says of each suggestion why, and never shows a value. It misses what is named otherwise and not in the sample.' +
    describeExits({ done: true, cannotConnect: true, invalidInput: true });
  static override examples = [
    '<%= config.bin %> mask suggest plans/shop.yaml',
    '<%= config.bin %> mask suggest plans/shop.yaml --no-sample',
  ];
  static override args = planArgs;
  static override flags = {
    sample: Flags.boolean({
      description: 'Look at some rows of the source.',
      default: true,
      allowNo: true,
    }),
  };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(MaskSuggest);
    const { suggestMasks } = await import('../../cli/plan/masks.js');
    return suggestMasks(this.compose(flags), args.file, flags, this.screen());
  }
}
