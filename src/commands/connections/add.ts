import { Args, Flags } from '@oclif/core';
import { addConnection } from '../../cli/connections/add-connection.js';
import { completeByAsking } from '../../cli/connections/ask-missing.js';
import { BaseCommand } from '../../cli/base-command.js';
import { connectionFlags, passwordFlags } from '../../cli/connections/connection-flags.js';
import type { ExitName } from '../../core/exit-codes.js';
import {
  describeAnswer,
  describeOpenKey,
  describeRest,
  toConnectionDocument,
} from '../../render/connections.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class ConnectionsAdd extends BaseCommand {
  static override summary = 'Save a connection after testing it.';
  static override description =
    `The server is tried first; when that fails, nothing is saved. The password comes from --password-stdin, --password-env, --password-command or the option file, else it is asked for on a terminal. It is kept encrypted (AES-256-GCM) in state.db with the key in state.key beside it: that protects copies of the database alone, not against who can read both. A connection is read-only until --access read-write says otherwise.

With CI set no password is written: the command then needs --no-cache-password, --password-command, or a plan with the connection inline.` +
    describeExits({ done: 'saved', cannotConnect: 'the test failed', invalidInput: true, usage: true });
  static override examples = [
    '<%= config.bin %> connections add prod --host db-prod-1 --user sync_ro --tls verify-identity --ca ca.pem',
    'pass show db/staging | <%= config.bin %> connections add staging --host 127.0.0.1 --port 3307 --user root --access read-write --password-stdin',
    '<%= config.bin %> connections add old --from-defaults-file ~/.my.cnf --group client',
    '<%= config.bin %> connections add prod --replace',
  ];
  static override args = {
    // oclif takes a missing argument from stdin, where the password may be.
    name: Args.string({ description: 'What the connection is called.', required: true, ignoreStdin: true }),
  };
  static override flags = {
    ...connectionFlags,
    ...passwordFlags,
    replace: Flags.boolean({
      description: 'Change a connection that exists; what is left out stays as it is.',
    }),
    test: Flags.boolean({
      description: 'Try the server first (--no-test saves without).',
      allowNo: true,
      default: true,
    }),
    'cache-password': Flags.boolean({
      description: 'Keep the password in the store (--no-cache-password does not).',
      allowNo: true,
      default: true,
    }),
  };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(ConnectionsAdd);
    const services = this.compose(flags);
    const given = { name: args.name, flags, ask: undefined };
    const words = this.canPrompt() ? await completeByAsking(services, given) : given;
    const { saved, answer, ignoredOptions, openKey } = await addConnection(
      services,
      this.environment,
      words.name,
      words.flags,
      words.ask,
    );
    for (const option of ignoredOptions) this.notice(`warning: ${option} of the option file is not used`);
    if (openKey !== undefined) this.notice(describeOpenKey(openKey));
    if (flags.json) {
      this.printJson('connection', { connection: toConnectionDocument(saved) });
      return 'done';
    }
    this.print([`Saved ${saved.name}: ${answer ? describeAnswer(answer) : 'not tested'}`]);
    this.notice(describeRest(saved));
    return 'done';
  }
}
