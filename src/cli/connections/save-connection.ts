import type { PasswordToKeep } from '../../adapters/store/saved-connections.js';
import type { Config } from '../../core/plan/config.js';
import type { Connection, SavedConnection } from '../../core/server/connection.js';
import { SyncError, reportError } from '../../core/errors.js';
import { type Secret, isNoPassword } from '../../core/secret.js';
import { describeRest } from '../../render/connections.js';
import { renderError } from '../../render/error.js';
import type { DescribedConnection } from './ask-connection.js';
import type { Services } from '../services/compose.js';
import { savedSources } from '../services/connection-directory.js';
import type { Interview } from '../questions/interview.js';
import { findPassword } from '../services/password-source.js';
import type { ReachedServer } from './reach-server.js';

/** Saves a connection whose server has answered, with its password where the config permits. */
export const saveReached = async (
  { services, prompts }: Interview,
  { connection, password, answer }: ReachedServer,
): Promise<void> => {
  const { connections } = await services.memory.store();
  const { config } = await services.settings.read();
  await connections.save(connection, choosePasswordToKeep(connection, password, config));
  await connections.touch(connection.name, answer);
  const saved = await connections.find(connection.name);
  if (saved) prompts.show([`Saved ${saved.name}. ${describeRest(saved)}`]);
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

/** Notes that a saved connection was used, and what it permits now; a kept password stays kept. */
export const saveUse = async (
  services: Services<'memory'>,
  { connection: { name, access, isProtected }, password, answer }: ReachedServer,
): Promise<void> => {
  const { connections } = await services.memory.store();
  const saved = await connections.find(name);
  if (saved && (saved.access !== access || saved.isProtected !== isProtected)) {
    const kept = password && saved.passwordStorage && { password, storage: saved.passwordStorage };
    await connections.save({ ...saved, access, isProtected }, kept);
  }
  await connections.touch(name, answer);
};

/** The connection with its password, as far as that can be had; what is missing is asked for, or left out. */
export const describeSavedConnection = async (
  { services, prompts, screen }: Interview,
  saved: SavedConnection,
  missing: 'ask' | 'leave-out',
): Promise<DescribedConnection> => {
  const { connections } = await services.memory.store();
  const ask = (message: string): Promise<Secret> => prompts.password(message);
  try {
    const sources = savedSources(saved, connections, missing === 'ask' ? ask : undefined);
    const found = (await findPassword(sources))?.password;
    return { connection: saved, password: isNoPassword(found) ? undefined : found };
  } catch (error) {
    if (!(error instanceof SyncError) || error.code !== 'CONN_PASSWORD') throw error;
    prompts.show(renderError(reportError(error), screen.error));
    const password = missing === 'ask' ? await ask(`Password of ${saved.name}:`) : undefined;
    return { connection: saved, password };
  }
};
