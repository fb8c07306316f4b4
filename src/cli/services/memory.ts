import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../../adapters/store/open-store.js';
import type { RunHistory } from '../../adapters/store/run-history.js';
import { SyncError } from '../../core/errors.js';
import type { SavedConnection } from '../../core/server/connection.js';
import type { ConnectionDirectory } from '../../engine/ports.js';
import { type AskPassword, createConnectionDirectory } from './connection-directory.js';
import type { Surroundings } from './surroundings.js';

/** What mysql-sync remembers between calls. */
export interface Memory {
  /** Opened once, closed with the composition. */
  store(): Promise<Store>;
  history(): Promise<RunHistory>;
  /** The saved connections and their passwords; `ask` is left out where nobody can be asked. */
  connectionDirectory(ask?: AskPassword): Promise<ConnectionDirectory>;
  /** What is saved about servers. Nothing is made to hold it: where there is no store, as in a pipeline, nothing is known. */
  knownConnections(): Promise<readonly SavedConnection[]>;
}

export const createMemory = ({
  environment: { paths },
  notice,
}: Surroundings): Memory & { close(): Promise<void> } => {
  const open = async (): Promise<Store> => {
    const { openStore } = await import('../../adapters/store/open-store.js');
    return openStore({ folder: paths.stateFolder, now: () => new Date(), warn: notice });
  };
  let opening: Promise<Store> | undefined;
  const store = async (): Promise<Store> => {
    opening ??= open();
    return opening;
  };
  return {
    store,
    history: async () => (await store()).history,
    connectionDirectory: async (ask) => createConnectionDirectory((await store()).connections, ask),
    knownConnections: async () => {
      if (!opening && !existsSync(join(paths.stateFolder, 'state.db'))) return [];
      try {
        return await (await store()).connections.list();
      } catch (error) {
        if (!(error instanceof SyncError)) throw error;
        notice(`warning: which servers are protected cannot be read: ${error.message}`);
        return [];
      }
    },
    // One that is still being opened, for work that failed meanwhile, would keep the process alive.
    close: async () => (await opening?.catch(() => undefined))?.close(),
  };
};
