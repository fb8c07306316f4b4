import { BaseCommand } from '../../cli/base-command.js';
import type { ExitName } from '../../core/exit-codes.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class ConfigPath extends BaseCommand {
  static override summary = 'Print where the config file is, or would be.';
  static override description =
    'A flag (--config) wins over MYSQL_SYNC_HOME, that over XDG_CONFIG_HOME.' + describeExits({ done: true });
  static override examples = ['$EDITOR "$(<%= config.bin %> config path)"'];

  protected async perform(): Promise<ExitName> {
    const { flags } = await this.parse(ConfigPath);
    const { path } = this.compose(flags).settings;
    if (flags.json) this.printJson('config-path', { path });
    else this.print([path]);
    return 'done';
  }
}
