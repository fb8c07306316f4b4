import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { listConnections } from '../../cli/connections/list-connections.js';
import type { ExitName } from '../../core/exit-codes.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class ConnectionsList extends BaseCommand {
  static override summary = 'List the saved connections, the most recently used first.';
  static override description =
    'In a pipe every connection is one tab separated line: name, address, server when last seen, access, last used (RFC 3339), password, and with --check also the result.' +
    describeExits({
      done: true,
      cannotConnect: 'with --check: at least one did not answer',
      interrupted: true,
    });
  static override examples = [
    '<%= config.bin %> connections list',
    '<%= config.bin %> connections list | cut -f1',
    '<%= config.bin %> connections list --check',
  ];
  static override flags = {
    check: Flags.boolean({ description: 'Try all of them, side by side.' }),
  };

  protected async perform(): Promise<ExitName> {
    const { flags } = await this.parse(ConnectionsList);
    return listConnections(this.compose(flags), flags.check ? 'check' : 'as-seen', this.screen());
  }
}
