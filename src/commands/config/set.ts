import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { changeSetting } from '../../cli/settings.js';
import type { ExitName } from '../../core/exit-codes.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class ConfigSet extends BaseCommand {
  static override summary = 'Write one setting into the config file.';
  static override description =
    'The file is made when there is none; comments and everything else in it stay as they are. A value that is not valid is refused and nothing is written.' +
    describeExits({ done: true, invalidInput: 'unknown setting, or a value that is refused' });
  static override examples = [
    '<%= config.bin %> config set batch.max_concurrent 2',
    '<%= config.bin %> config set connections.cache_passwords false',
  ];
  static override args = {
    key: Args.string({
      description: 'The setting, such as batch.max_concurrent.',
      required: true,
      ignoreStdin: true,
    }),
    value: Args.string({ description: 'Its new value.', required: true, ignoreStdin: true }),
  };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(ConfigSet);
    await changeSetting(this.compose(flags), { key: args.key, text: args.value }, this.screen());
    return 'done';
  }
}
