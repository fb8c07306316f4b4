import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { showConnection } from '../../cli/connections/show-connection.js';
import type { ExitName } from '../../core/exit-codes.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class ConnectionsShow extends BaseCommand {
  static override summary = 'Show everything of a saved connection but its password.';
  static override description =
    'In a pipe each fact is one tab separated line.' +
    describeExits({ done: true, cannotConnect: 'the name is unknown' });
  static override examples = ['<%= config.bin %> connections show prod'];
  static override args = {
    name: Args.string({ description: 'Connection to show.', required: true, ignoreStdin: true }),
  };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(ConnectionsShow);
    return showConnection(this.compose(flags), args.name, this.screen());
  }
}
