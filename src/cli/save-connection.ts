import type { PasswordToKeep } from '../adapters/store/saved-connections.js';
import type { Config } from '../core/config.js';
import type { Connection, SavedConnection } from '../core/connection.js';
import type { Answer } from '../core/connection-test.js';
import type { Secret } from '../core/secret.js';
import type { DescribedConnection } from './ask-connection.js';
import type { Composition } from './compose.js';

/** Saves a connection whose server has answered, with its password where the config permits. */
export const saveReached = async (
  composition: Composition,
  { connection, password, answer }: DescribedConnection & { readonly answer: Answer },
): Promise<void> => {
  const { connections } = await composition.store();
  const { config } = await composition.config();
  await connections.save(connection, choosePasswordToKeep(connection, password, config));
  await connections.touch(connection.name, answer.server);
};

/** What a password command prints is not kept. */
const choosePasswordToKeep = (
  { passwordCommand }: Connection,
  password: Secret | undefined,
  { connections }: Config,
): PasswordToKeep | undefined =>
  password === undefined || passwordCommand !== undefined || !connections.cache_passwords
    ? undefined
    : { password, storage: connections.password_storage };

/** Saves what a person permits on a saved connection; its password stays as it is kept. */
export const saveAccess = async (
  composition: Composition,
  saved: SavedConnection,
  { connection: { access, isProtected } }: DescribedConnection,
): Promise<void> => {
  if (saved.access === access) return;
  const { connections } = await composition.store();
  const password = await connections.password(saved.name);
  const kept = password && saved.passwordStorage && { password, storage: saved.passwordStorage };
  await connections.save({ ...saved, access, isProtected }, kept);
};
