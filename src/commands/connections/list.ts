import { BaseCommand } from '../../cli/base-command.js';
import { listConnections } from '../../cli/list-connections.js';
import type { ExitName } from '../../core/exit-codes.js';

export default class ConnectionsList extends BaseCommand {
  static override summary = 'List the saved connections, the most recently used first.';
  static override description =
    'In a pipe every connection is one tab separated line: name, address, server when last seen, access, last used (RFC 3339), password.';
  static override examples = [
    '<%= config.bin %> connections list',
    '<%= config.bin %> connections list | cut -f1',
  ];

  protected async perform(): Promise<ExitName> {
    const { flags } = await this.parse(ConnectionsList);
    await listConnections(this.compose(flags), this.screen());
    return 'done';
  }
}
