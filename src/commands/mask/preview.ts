import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { describeExits } from '../../cli/frame/exit-help.js';
import type { ExitName } from '../../core/exit-codes.js';

export default class MaskPreview extends BaseCommand {
  static override summary = 'Show some rows of the source before and after their masks.';
  static override description =
    'Asks first, because it brings values as they are, personal data, to this machine and its screen; a terminal may keep them in its scrollback. Only on a terminal: never in a pipe, and with no --json. Writes nothing anywhere.' +
    describeExits({
      done: true,
      cannotConnect: true,
      invalidInput: 'no such table, or a mask that the source cannot compute',
      notApproved: 'no terminal to ask on, or not wanted',
    });
  static override examples = [
    '<%= config.bin %> mask preview plans/shop.yaml',
    '<%= config.bin %> mask preview plans/shop.yaml shop.users --rows 10',
  ];
  static override args = {
    file: Args.string({ ignoreStdin: true, required: true, description: 'Sync plan.' }),
    table: Args.string({
      ignoreStdin: true,
      description: 'Tables to show: DATABASE.TABLE or TABLE, globs; all with a mask when left out.',
    }),
  };
  static override flags = {
    rows: Flags.integer({
      description: 'Rows of each table.',
      helpValue: 'N',
      min: 1,
      max: 100,
      default: 5,
    }),
  };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(MaskPreview);
    const { previewMasks } = await import('../../cli/plan/preview-masks.js');
    return previewMasks(
      this.compose(flags),
      args.file,
      { table: args.table, rows: flags.rows },
      this.screen(),
    );
  }
}
