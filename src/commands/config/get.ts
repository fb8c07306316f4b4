import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { showSetting } from '../../cli/settings.js';
import type { ExitName } from '../../core/exit-codes.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class ConfigGet extends BaseCommand {
  static override summary = 'Print the value of one setting.';
  static override description =
    'With its origin when --json is given.' +
    describeExits({ done: true, invalidInput: 'unknown setting, or a config file that is not valid' });
  static override examples = ['<%= config.bin %> config get batch.max_concurrent'];
  static override args = {
    key: Args.string({
      description: 'The setting, such as batch.max_concurrent.',
      required: true,
      ignoreStdin: true,
    }),
  };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(ConfigGet);
    await showSetting(this.compose(flags), args.key, this.screen());
    return 'done';
  }
}
