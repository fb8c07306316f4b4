import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { deleteConnections } from '../../cli/connections/delete-connections.js';
import type { ExitName } from '../../core/exit-codes.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class ConnectionsDelete extends BaseCommand {
  static override summary = 'Forget connections and their passwords.';
  static override description =
    'All of them or none: when a name is unknown, nothing is deleted. The servers are not touched.' +
    describeExits({ done: true, cannotConnect: 'a name is unknown' });
  static override examples = ['<%= config.bin %> connections delete old older'];
  static override strict = false;
  static override args = {
    name: Args.string({ description: 'Connections to forget.', required: true, ignoreStdin: true }),
  };

  protected async perform(): Promise<ExitName> {
    const { argv, flags } = await this.parse(ConnectionsDelete);
    return deleteConnections(this.compose(flags), argv.map(String), this.screen());
  }
}
