import { BaseCommand } from '../../cli/base-command.js';
import { listConnections } from '../../cli/connections/list-connections.js';
import { manageConnections } from '../../cli/connections/manage-connections.js';
import type { ExitName } from '../../core/exit-codes.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class Connections extends BaseCommand {
  static override summary = 'Servers that mysql-sync knows by name.';
  static override description =
    'On a terminal: the list, and a menu to test, edit, add and delete them. In a pipe it is `connections list`. Connections and their passwords are kept in state.db in the state folder (MYSQL_SYNC_HOME, or ~/.local/share/mysql-sync).' +
    describeExits({ done: true, invalidInput: 'the state cannot be read', notApproved: 'aborted' });
  static override examples = ['<%= config.bin %> connections'];

  protected async perform(): Promise<ExitName> {
    const { flags } = await this.parse(Connections);
    const screen = this.screen();
    return screen.canPrompt && screen.output.isTerminal
      ? manageConnections(this.compose(flags), screen)
      : listConnections(this.compose(flags), 'as-seen', screen);
  }
}
