import { Args, Errors, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { passwordFlags } from '../../cli/connections/connection-flags.js';
import { listGivenPasswords } from '../../cli/services/password-source.js';
import { testFromCommandLine } from '../../cli/connections/test-connections.js';
import type { ExitName } from '../../core/exit-codes.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class ConnectionsTest extends BaseCommand {
  static override summary = 'Connect and log in: the named connections, or all of them side by side.';
  static override description =
    'One line each: name, result, server, TLS, time to connect and log in (milliseconds in a pipe). The reason of a failure goes to stderr.' +
    describeExits({ done: 'all answered', cannotConnect: 'at least one did not' });
  static override examples = [
    '<%= config.bin %> connections test',
    '<%= config.bin %> connections test prod staging',
    '<%= config.bin %> connections test staging --grants shop --grants crm',
  ];
  static override strict = false;
  static override args = {
    name: Args.string({ description: 'Connections to test (default: all).', ignoreStdin: true }),
  };
  static override flags = {
    ...passwordFlags,
    grants: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description:
        'Print the GRANT statements that its account needs for this database: to read it, or with access read-write to write it.',
      helpValue: 'DATABASE',
      default: [],
      // An empty list would be shown as [default: ].
      defaultHelp: () => Promise.resolve(undefined),
    }),
  };

  protected async perform(): Promise<ExitName> {
    const { argv, flags } = await this.parse(ConnectionsTest);
    const names = argv.map(String);
    const given = listGivenPasswords(flags, process.stdin, this.environment.variables);
    if (given.length > 0 && names.length !== 1)
      throw new Errors.CLIError('--password-stdin and --password-env are for one connection: name it');
    const words = { names, given, grantsFor: flags.grants };
    return testFromCommandLine(this.compose(flags), words, this.screen());
  }
}
