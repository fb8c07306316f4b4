import { BaseCommand } from '../../cli/base-command.js';
import { confirmTarget, scratchName, whichTarget } from '../../cli/run/scratch-flags.js';
import type { ExitName } from '../../core/exit-codes.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class ScratchDrop extends BaseCommand {
  static override summary = 'Drop a scratch database that nobody needs any more.';
  static override description =
    'Refused while a swap needs it. What an apply kept for rollback is dropped by mysql-sync status --drop-previous.' +
    describeExits({
      done: true,
      cannotConnect: true,
      invalidInput: 'no such scratch database, or one that is kept for rollback',
      notApproved: true,
      stalePlan: 'it changed meanwhile',
      targetLocked: true,
      refusedByPolicy: 'a swap needs it',
    });
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
