import { BaseCommand } from '../../cli/base-command.js';
import { scratchName, whichTarget } from '../../cli/run/scratch-flags.js';
import type { ExitName } from '../../core/exit-codes.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class ScratchShow extends BaseCommand {
  static override summary = 'Show one scratch database: its tables and what its journal says.';
  static override description =
    'Also a journal that is not believed, which anybody may have written.' +
    describeExits({ done: true, cannotConnect: true, invalidInput: 'no such scratch database' });
  static override examples = ['<%= config.bin %> scratch show mysql_sync_old_7q2f4k_0f1e2d3c4b5a'];
  static override args = scratchName;
  static override flags = whichTarget;

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(ScratchShow);
    const { showScratchDatabase } = await import('../../cli/run/scratch.js');
    return showScratchDatabase(this.compose(flags), args.name, flags, this.screen());
  }
}
