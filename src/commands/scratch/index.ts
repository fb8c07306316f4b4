import { BaseCommand } from '../../cli/base-command.js';
import { whichTarget } from '../../cli/run/scratch-flags.js';
import type { ExitName } from '../../core/exit-codes.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class Scratch extends BaseCommand {
  static override summary = 'List what killed runs, or others, left behind on a target.';
  static override description =
    'Scratch databases hold what an apply is loading, and what it replaced: what is kept for rollback is listed and dropped by mysql-sync status. Accounts with the grants for them can make some too, with journals that say anything: a journal is believed only when it is signed with the key of this target or this machine. In a pipe every database is one tab separated line: name, state, run, live database, started (RFC 3339), bytes, journal.' +
    describeExits({ done: true, cannotConnect: true });
  static override aliases = ['scratch:list'];
  static override examples = [
    '<%= config.bin %> scratch',
    '<%= config.bin %> scratch --target staging --json',
  ];
  static override flags = whichTarget;

  protected async perform(): Promise<ExitName> {
    const { flags } = await this.parse(Scratch);
    const { listScratchDatabases } = await import('../../cli/run/scratch.js');
    return listScratchDatabases(this.compose(flags), flags, this.screen());
  }
}
