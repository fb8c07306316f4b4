import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../../adapters/store/open-store.js';
import type { RunHistory } from '../../adapters/store/run-history.js';
import type { CopyRecord } from '../../core/change/copy-record.js';
import { SyncError } from '../../core/errors.js';
import type { DatabaseName } from '../../core/names.js';
import type { SavedConnection } from '../../core/server/connection.js';
import type { ConnectionDirectory } from '../../engine/ports/ports.js';
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
  /** The last copy to a database of the target of this identity; undefined where there is no store, as above. */
  findCopy(target: string, database: DatabaseName): Promise<CopyRecord | undefined>;
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
  /** From a store that is there already; of one that cannot be read, the person is told. */
  const readIfThere = async <Value>(
    what: string,
    none: Value,
    read: (opened: Store) => Promise<Value>,
  ): Promise<Value> => {
    if (!opening && !existsSync(join(paths.stateFolder, 'state.db'))) return none;
    try {
      return await read(await store());
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      notice(`warning: ${what} cannot be read: ${error.message}`);
      return none;
    }
  };
  return {
    store,
    history: async () => (await store()).history,
    connectionDirectory: async (ask) => createConnectionDirectory((await store()).connections, ask),
    knownConnections: async () =>
      readIfThere('which servers are protected', [], ({ connections }) => connections.list()),
    findCopy: async (target, database) =>
      readIfThere('when it was copied last', undefined, ({ history }) => history.findCopy(target, database)),
    // One that is still being opened, for work that failed meanwhile, would keep the process alive.
    close: async () => (await opening?.catch(() => undefined))?.close(),
  };
};
