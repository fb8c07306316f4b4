import { BaseCommand } from '../../cli/base-command.js';
import { listConnections } from '../../cli/list-connections.js';
import type { ExitName } from '../../core/exit-codes.js';

export default class Connections extends BaseCommand {
  static override summary = 'Servers that mysql-sync knows by name.';
  static override description =
    'Lists them, as `connections list` does. Connections and their passwords are kept in state.db in the state folder (MYSQL_SYNC_HOME, or ~/.local/share/mysql-sync).';
  static override examples = ['<%= config.bin %> connections'];

  protected async perform(): Promise<ExitName> {
    const { flags } = await this.parse(Connections);
    await listConnections(this.compose(flags), this.screen());
    return 'done';
  }
}
