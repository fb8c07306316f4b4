import { stat } from 'node:fs/promises';
import type { OptionFileLogin } from '../../adapters/option-file/read-login.js';
import type { PasswordToKeep, SavedConnections } from '../../adapters/store/saved-connections.js';
import type { Config } from '../../core/plan/config.js';
import {
  type Connection,
  type SavedConnection,
  describeAddress,
  isSameLogin,
} from '../../core/server/connection.js';
import type { Answer } from '../../core/server/connection-test.js';
import { connectionExistsError } from '../../core/server/connection-exists.js';
import { SyncError } from '../../core/errors.js';
import type { ConnectionName } from '../../core/names.js';
import type { Services } from '../services/compose.js';
import { type AskPassword, fromPrompt, savedSources } from '../services/connection-directory.js';
import {
  type ConnectionFlagValues,
  buildConnection,
  connectionFlags,
  readConnectionName,
} from './connection-flags.js';
import type { Environment } from '../frame/environment.js';
import {
  type FoundPassword,
  type PasswordSource,
  findPassword,
  listGivenPasswords,
} from '../services/password-source.js';
import { tryConnection } from './try-connection.js';

export interface AddFlagValues extends ConnectionFlagValues {
  readonly 'from-defaults-file'?: string | undefined;
  readonly group?: string | undefined;
  readonly replace?: boolean | undefined;
  readonly test?: boolean | undefined;
  readonly 'cache-password'?: boolean | undefined;
}

/** What `connections add` did. */
export interface AddedConnection {
  readonly saved: SavedConnection;
  /** Undefined with `--no-test`. */
  readonly answer: Answer | undefined;
  /** Options of the option file that were not taken. */
  readonly ignoredOptions: readonly string[];
  /** The client key, when others than its owner can read it. */
  readonly openKey: string | undefined;
}

/** Builds the connection, finds its password, tries it, and only then saves it. */
export const addConnection = async (
  services: Services<'settings' | 'memory' | 'servers' | 'optionFileLogin'>,
  environment: Environment,
  text: string,
  flags: AddFlagValues,
  ask: AskPassword | undefined,
): Promise<AddedConnection> => {
  const name = readConnectionName(text);
  const { connections } = await services.memory.store();
  const replaced = await connections.find(name);
  if (replaced && !flags.replace) throw connectionExistsError(name);
  const file = await readLogin(services, flags);
  const connection = buildConnection(name, flags, file, replaced);
  const isMoved = replaced !== undefined && !isSameLogin(replaced, connection);
  const sources = listSources({ connection, replaced, isMoved, connections, flags, file, environment, ask });
  const found = await findPassword(sources);
  if (isMoved && !found && !ask && flags.test !== false && hasSecret(replaced))
    throw passwordOfAnotherError(replaced, connection);
  const { config } = await services.settings.read();
  const kept = choosePasswordToKeep(name, found, flags, config, environment);
  const answer = flags.test === false ? undefined : await tryBeforeSaving(services, connection, found);
  await connections.save(connection, kept);
  if (answer) await connections.touch(name, answer);
  const saved = await connections.find(name);
  if (!saved) throw new SyncError('CONN_UNKNOWN', { message: `${name} was deleted while it was added` });
  return { saved, answer, ignoredOptions: file?.ignored ?? [], openKey: await findOpenKey(connection) };
};

/** ssh refuses such a key; here it is only said, because files that a container is given are often open. */
const findOpenKey = async ({ tls: { key } }: Connection): Promise<string | undefined> => {
  if (key === undefined || process.platform === 'win32') return undefined;
  const facts = await stat(key).catch(() => undefined);
  return facts && (facts.mode & 0o077) !== 0 ? key : undefined;
};

const readLogin = async (
  services: Services<'optionFileLogin'>,
  flags: AddFlagValues,
): Promise<OptionFileLogin | undefined> => {
  const file = flags['from-defaults-file'];
  return file === undefined ? undefined : services.optionFileLogin(file, flags.group ?? 'client');
};

interface Search {
  readonly connection: Connection;
  readonly replaced: SavedConnection | undefined;
  /** Is it now another account, or at another address? Then what is kept was for another server. */
  readonly isMoved: boolean;
  readonly connections: SavedConnections;
  readonly flags: AddFlagValues;
  readonly file: OptionFileLogin | undefined;
  readonly environment: Environment;
  readonly ask: AskPassword | undefined;
}

/** What the command line gives, then the password command, then all the others. A command is run for a test only. */
const listSources = (search: Search): readonly PasswordSource[] => {
  const { connection, replaced, connections, flags, file, environment, ask, isMoved } = search;
  const kept = isMoved ? NOTHING_KEPT : connections;
  const given = listGivenPasswords(flags, process.stdin, environment.variables);
  if (connection.passwordCommand !== undefined)
    return flags.test === false ? given : [...given, ...savedSources(connection, kept, ask)];
  const inFile: PasswordSource = { origin: 'option-file', read: () => Promise.resolve(file?.password) };
  const renewed =
    ask && isBareReplacement(search)
      ? [
          fromPrompt(
            `New password of ${connection.name} (${replaced?.hasPassword ? 'Enter keeps the old one' : 'Enter for none'}):`,
            ask,
          ),
        ]
      : [];
  return [...given, inFile, ...renewed, ...savedSources(connection, kept, ask)];
};

const NOTHING_KEPT: Pick<SavedConnections, 'password'> = { password: () => Promise.resolve(undefined) };

const hasSecret = ({ hasPassword, passwordCommand }: SavedConnection): boolean =>
  hasPassword || passwordCommand !== undefined;

const passwordOfAnotherError = (replaced: SavedConnection, connection: Connection): SyncError =>
  new SyncError('INPUT_INVALID', {
    message: `${connection.name}: its password is for ${describeAddress(replaced)}, and is not sent to ${describeAddress(connection)}`,
    hints: [
      'Give the password of the new one:  --password-stdin, --password-env VAR or --password-command CMD',
      'Nothing was changed.',
    ],
  });

/** `add NAME --replace` and nothing else is how a password is replaced on a terminal. */
const isBareReplacement = ({ replaced, flags }: Search): boolean =>
  replaced?.passwordStorage !== undefined && DESCRIBING_FLAGS.every((flag) => flags[flag] === undefined);

const DESCRIBING_FLAGS = Object.keys(connectionFlags) as (keyof typeof connectionFlags)[];

/** In CI nothing secret is written unless it is in the store already, and leaving it out must be said. */
const choosePasswordToKeep = (
  name: ConnectionName,
  found: FoundPassword | undefined,
  flags: AddFlagValues,
  { connections }: Config,
  { isPipeline }: Environment,
): PasswordToKeep | undefined => {
  const isWanted = flags['cache-password'] !== false && connections.cache_passwords;
  if (!found || found.origin === 'command' || !isWanted) return undefined;
  if (isPipeline && found.origin !== 'cache') throw pipelineError(name);
  return { password: found.password, storage: connections.password_storage };
};

const pipelineError = (name: ConnectionName): SyncError =>
  new SyncError('INPUT_INVALID', {
    message: `${name}: CI is set, and in a pipeline no password is written to the store`,
    hints: [
      `Write the connection into the plan instead:  source: {name: ${name}, host: HOST, user: USER, password: "\${PASSWORD}"}`,
      'Or save it without its password:  --no-cache-password',
      'Or let a command give the password:  --password-command CMD',
    ],
  });

const tryBeforeSaving = async (
  services: Services<'settings' | 'servers'>,
  connection: Connection,
  found: FoundPassword | undefined,
): Promise<Answer> => {
  try {
    return await tryConnection(services, connection, found?.password);
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    const noPassword =
      'No password was given: --password-stdin, --password-env VAR or --password-command CMD.';
    throw new SyncError(error.code, {
      message: error.message,
      hints: [
        ...(error.code === 'CONN_AUTH' && !found ? [noPassword] : []),
        'Nothing was saved. To save it without a test:  --no-test',
      ],
      cause: error,
    });
  }
};
