import { BaseCommand } from '../../cli/base-command.js';
import type { ExitName } from '../../core/exit-codes.js';

export default class ConfigPath extends BaseCommand {
  static override summary = 'Print where the config file is, or would be.';
  static override examples = ['$EDITOR "$(<%= config.bin %> config path)"'];

  protected async perform(): Promise<ExitName> {
    const { flags } = await this.parse(ConfigPath);
    const { configPath } = this.compose(flags);
    if (flags.json) this.printJson('config-path', { path: configPath });
    else this.print([configPath]);
    return 'done';
  }
}
