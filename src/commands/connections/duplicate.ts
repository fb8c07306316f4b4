import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { duplicateConnection } from '../../cli/connections/rename-connection.js';
import type { ExitName } from '../../core/exit-codes.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class ConnectionsDuplicate extends BaseCommand {
  static override summary = 'Save a connection once more under another name, with its password.';
  static override description =
    'To change one of the two afterwards, for example its account or access: connections add NAME --replace.' +
    describeExits({
      done: true,
      cannotConnect: 'the name is unknown',
      invalidInput: 'the new name is taken',
    });
  static override examples = ['<%= config.bin %> connections duplicate staging staging-admin'];
  static override args = {
    name: Args.string({ description: 'The connection to copy.', required: true, ignoreStdin: true }),
    to: Args.string({ description: 'What the copy is called.', required: true, ignoreStdin: true }),
  };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(ConnectionsDuplicate);
    return duplicateConnection(this.compose(flags), { from: args.name, to: args.to }, this.screen());
  }
}
