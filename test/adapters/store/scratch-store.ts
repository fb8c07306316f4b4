import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Store, type StoreOptions, openStore } from '../../../src/adapters/store/open-store.js';
import type { Connection } from '../../../src/core/server/connection.js';
import { toConnectionName } from '../../../src/core/names.js';

/** A private folder that is gone after the test. */
export const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'mysql-sync-store-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
};

/** A store with the warnings that opening it gave; closed after the test. */
export const openScratchStore = async (
  options: Partial<StoreOptions> = {},
): Promise<Store & { readonly folder: string; readonly warnings: readonly string[] }> => {
  const folder = options.folder ?? makeFolder();
  const warnings: string[] = [];
  const store = await openStore({
    folder,
    now: () => new Date(),
    warn: (line) => warnings.push(line),
    ...options,
  });
  onTestFinished(async () => store.close());
  return { ...store, folder, warnings };
};

export const makeConnection = (name: string, facts: Partial<Connection> = {}): Connection => ({
  name: toConnectionName(name),
  address: { kind: 'tcp', host: 'db.example', port: 3306 },
  user: 'sync',
  tls: { mode: 'preferred' },
  access: 'read-only',
  isProtected: false,
  ...facts,
});
