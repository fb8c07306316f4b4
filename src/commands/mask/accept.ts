import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { describeExits } from '../../cli/frame/exit-help.js';
import type { ExitName } from '../../core/exit-codes.js';

export default class MaskAccept extends BaseCommand {
  static override summary = 'Write the lock file of a plan with masks: what was decided about each column.';
  static override description =
    'The lock file is next to the plan (plans/shop.mask.lock.yaml for plans/shop.yaml) and is committed with it. It gets the rules of the plan; columns that no rule is for are kept as they are where they are named here. Reads the structure of the source, and no row.' +
    describeExits({ done: true, cannotConnect: true, invalidInput: 'no such column' });
  static override examples = [
    '<%= config.bin %> mask accept plans/shop.yaml',
    '<%= config.bin %> mask accept plans/shop.yaml shop.users.nickname --reason "chosen to be public"',
    '<%= config.bin %> mask accept plans/shop.yaml "shop.users.n*"',
  ];
  static override args = {
    file: Args.string({ ignoreStdin: true, required: true, description: 'Sync plan.' }),
    column: Args.string({
      ignoreStdin: true,
      multiple: true,
      description: 'Columns to keep: DATABASE.TABLE.COLUMN, TABLE.COLUMN or COLUMN, globs.',
    }),
  };
  static override flags = {
    all: Flags.boolean({ description: 'Keep every column that no rule is for.' }),
    reason: Flags.string({ description: 'Why; stands in the lines that are written.', helpValue: 'TEXT' }),
  };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(MaskAccept);
    const { acceptMasks } = await import('../../cli/plan/masks.js');
    return acceptMasks(this.compose(flags), args.file, args.column ?? [], flags, this.screen());
  }
}
