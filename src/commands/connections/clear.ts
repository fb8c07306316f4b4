import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { clearConnections } from '../../cli/connections/delete-connections.js';
import type { ExitName } from '../../core/exit-codes.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class ConnectionsClear extends BaseCommand {
  static override summary = 'Forget every connection and its password.';
  static override description =
    'Asks on a terminal; elsewhere it needs --yes. The servers and the history are not touched.' +
    describeExits({ done: true, notApproved: 'not confirmed' });
  static override examples = ['<%= config.bin %> connections clear --yes'];
  static override flags = {
    yes: Flags.boolean({ char: 'y', description: 'Do not ask.' }),
  };

  protected async perform(): Promise<ExitName> {
    const { flags } = await this.parse(ConnectionsClear);
    return clearConnections(this.compose(flags), flags.yes ? 'confirmed' : 'ask', this.screen());
  }
}
