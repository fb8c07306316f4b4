import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { renameConnection } from '../../cli/connections/rename-connection.js';
import type { ExitName } from '../../core/exit-codes.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class ConnectionsRename extends BaseCommand {
  static override summary = 'Give a saved connection another name.';
  static override description =
    'Its password and everything else stay. Plans that name it must name it otherwise from now on: those that were applied from this machine are listed.' +
    describeExits({
      done: true,
      cannotConnect: 'the name is unknown',
      invalidInput: 'the new name is taken',
    });
  static override examples = ['<%= config.bin %> connections rename prod prod-eu'];
  static override args = {
    name: Args.string({ description: 'What it is called now.', required: true, ignoreStdin: true }),
    to: Args.string({ description: 'What it is called from now on.', required: true, ignoreStdin: true }),
  };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(ConnectionsRename);
    return renameConnection(this.compose(flags), { from: args.name, to: args.to }, this.screen());
  }
}
