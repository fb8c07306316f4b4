import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { listSettings } from '../../cli/settings.js';
import type { ExitName } from '../../core/exit-codes.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class ConfigList extends BaseCommand {
  static override summary = 'Show every setting and its value.';
  static override description =
    'In a pipe every setting is one tab separated line: key, value and, with --show-origin, where the value comes from: default, file or environment.' +
    describeExits({ done: true, invalidInput: 'a config file that is not valid' });
  static override examples = [
    '<%= config.bin %> config list --show-origin',
    '<%= config.bin %> config list --json',
  ];
  static override flags = {
    'show-origin': Flags.boolean({ description: 'Show where each value comes from.' }),
  };

  protected async perform(): Promise<ExitName> {
    const { flags } = await this.parse(ConfigList);
    await listSettings(this.compose(flags), flags['show-origin'] ? 'shown' : 'hidden', this.screen());
    return 'done';
  }
}
