import type { SavedConnections } from '../../adapters/store/saved-connections.js';
import type { Connection } from '../../core/server/connection.js';
import type { Secret } from '../../core/secret.js';
import type { ConnectionDirectory } from '../../engine/ports/ports.js';
import { type PasswordSource, findPassword, fromCommand } from './password-source.js';

/** Asks a person for a password; nothing entered is an empty one. */
export type AskPassword = (message: string) => Promise<Secret>;

/** The saved connections as a plan file can name them; without `ask` nobody can be asked for a password. */
export const createConnectionDirectory = (
  connections: SavedConnections,
  ask: AskPassword | undefined,
): ConnectionDirectory => ({
  find: async (name) => connections.find(name),
  names: async () => (await connections.list()).map(({ name }) => name),
  password: async (connection) => (await findPassword(savedSources(connection, connections, ask)))?.password,
});

/** Where the password of a saved connection is looked for when no flag gives it. */
export const savedSources = (
  connection: Connection,
  connections: Pick<SavedConnections, 'password'>,
  ask: AskPassword | undefined,
): readonly PasswordSource[] => [
  ...(connection.passwordCommand === undefined
    ? []
    : [fromCommand(connection.name, connection.passwordCommand)]),
  { origin: 'cache', read: async () => connections.password(connection.name) },
  ...(ask ? [fromPrompt(`Password of ${connection.name} (Enter for none):`, ask)] : []),
];

export const fromPrompt = (message: string, ask: AskPassword): PasswordSource => ({
  origin: 'prompt',
  read: async () => {
    const password = await ask(message);
    return password.reveal() === '' ? undefined : password;
  },
});
