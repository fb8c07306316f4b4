import { BaseCommand } from '../../cli/base-command.js';
import { confirmTarget, scratchName, whichTarget } from '../../cli/run/scratch-flags.js';
import type { ExitName } from '../../core/exit-codes.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class ScratchAccept extends BaseCommand {
  static override summary = 'Sign the journal of a scratch database that you know to be real.';
  static override description =
    'For journals that this machine cannot check: those of an account or machine with another key. Look at it first; what it says is then finished, undone or rolled back as usual. Where the journal is signed and nothing says whether its swap happened, the swap is undone.' +
    describeExits({
      done: true,
      cannotConnect: true,
      invalidInput: 'nothing to accept',
      notApproved: true,
      stalePlan: 'it changed meanwhile',
      targetLocked: true,
    });
  static override examples = [
    '<%= config.bin %> scratch accept mysql_sync_old_7q2f4k_0f1e2d3c4b5a --confirm-target staging',
  ];
  static override args = scratchName;
  static override flags = { ...whichTarget, ...confirmTarget };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(ScratchAccept);
    const { judgeScratchDatabase } = await import('../../cli/run/scratch.js');
    const screen = this.screen();
    return judgeScratchDatabase(this.compose(flags), { name: args.name, verdict: 'accept' }, flags, screen);
  }
}
