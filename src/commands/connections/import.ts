import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { importConnections } from '../../cli/connections/import-connections.js';
import type { ExitName } from '../../core/exit-codes.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class ConnectionsImport extends BaseCommand {
  static override summary = 'Save connections from an option file, a .env file or a URL.';
  static override description =
    'From an option file: every group that names a host, with what [client] adds. From a .env file: DATABASE_URL and variables that end in _DATABASE_URL or _DB_URL, with mysql:// or mariadb://. Without FILE a URL is asked for, and not shown while it is typed. What was found is listed without passwords; what is ticked is tested and saved, read-only, as connections add does. A name that is taken is asked for again, never overwritten.' +
    describeExits({
      done: 'saved',
      cannotConnect: 'a test failed; that one was not saved',
      invalidInput: true,
      notApproved: 'aborted',
      usage: true,
    });
  static override examples = [
    '<%= config.bin %> connections import ~/.my.cnf',
    '<%= config.bin %> connections import .env --all',
    '<%= config.bin %> connections import ~/.my.cnf --select 1,3',
    '<%= config.bin %> connections import',
  ];
  static override args = {
    file: Args.string({
      description: 'An option file or a .env file; or a URL without a password.',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    all: Flags.boolean({ description: 'Save all that were found.', exclusive: ['select'] }),
    select: Flags.string({ description: 'Save these of the list.', helpValue: '1,3' }),
    test: Flags.boolean({
      description: 'Try each server first (--no-test saves without).',
      allowNo: true,
      default: true,
    }),
  };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(ConnectionsImport);
    return importConnections(
      this.compose(flags),
      this.environment,
      { argument: args.file, flags },
      this.screen(),
    );
  }
}
