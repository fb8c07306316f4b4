import { BaseCommand } from '../../cli/base-command.js';
import { confirmTarget, scratchName, whichTarget } from '../../cli/run/scratch-flags.js';
import type { ExitName } from '../../core/exit-codes.js';

export default class ScratchDrop extends BaseCommand {
  static override summary = 'Drop a scratch database that nobody needs any more.';
  static override description =
    'Refused while a swap needs it. What an apply kept for rollback is gone with it.\n\nExit codes: 0 done, 4 cannot connect, 5 no such scratch database, 6 approval not given, 7 it changed meanwhile, 8 target locked by another run, 9 a swap needs it.';
  static override examples = [
    '<%= config.bin %> scratch drop mysql_sync_old_7q2f4k_0f1e2d3c4b5a --confirm-target staging',
  ];
  static override args = scratchName;
  static override flags = { ...whichTarget, ...confirmTarget };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(ScratchDrop);
    const { judgeScratchDatabase } = await import('../../cli/run/scratch.js');
    const screen = this.screen();
    return judgeScratchDatabase(this.compose(flags), { name: args.name, verdict: 'drop' }, flags, screen);
  }
}
