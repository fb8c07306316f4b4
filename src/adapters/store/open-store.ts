import { join } from 'node:path';
import type { LocalJournalKeys } from '../../engine/ports/records.js';
import { createLocalJournalKeys } from './journal-keys.js';
import { migrateStore } from './migrations.js';
import { createPasswordVault } from './password-vault.js';
import { type RunHistory, createRunHistory } from './run-history.js';
import { type SavedConnections, createSavedConnections } from './saved-connections.js';
import { createPrivateFile, secureFolder, securePrivateFile } from './secure-files.js';
import { openDatabase } from './store-database.js';

/** What mysql-sync remembers between its calls. */
export interface Store {
  readonly connections: SavedConnections;
  readonly history: RunHistory;
  /** Of targets whose account may keep no key there. */
  readonly journalKeys: LocalJournalKeys;
  /** Must be called: an open store keeps the process alive. */
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly folder: string;
  readonly now: () => Date;
  /** Gets a line when something was made private that was not. */
  readonly warn: (line: string) => void;
  /** How long another process that writes is waited for. */
  readonly busyTimeoutMilliseconds?: number;
}

/**
 * Opens `state.db` in the folder, made private and brought to the newest shape; both are made when missing. Rejects
 * with STORE_INSECURE or STORE_UNUSABLE, and never deletes anything.
 */
export const openStore = async (options: StoreOptions): Promise<Store> => {
  const { folder, now, warn, busyTimeoutMilliseconds = 5000 } = options;
  const file = join(folder, 'state.db');
  await secureFolder(folder, warn);
  await createPrivateFile(file);
  await securePrivateFile(file, warn);
  const database = await openDatabase(file, busyTimeoutMilliseconds);
  try {
    await migrateStore(database, file);
  } catch (error) {
    await database.close();
    throw error;
  }
  const vault = createPasswordVault(join(folder, 'state.key'), warn);
  return {
    connections: createSavedConnections(database, vault, now),
    history: createRunHistory(database, now),
    journalKeys: createLocalJournalKeys(join(folder, 'journal.key'), warn),
    close: async () => database.close(),
  };
};
