import { randomBytes } from 'node:crypto';
import { JOURNAL_KEY_BYTES } from '../../core/run/journal-seal.js';
import type { Servers } from '../../engine/ports/ports.js';
import type { LocalJournalKeys } from '../../engine/ports/records.js';
import { keepOwnConnections } from './connection/own-connection.js';
import { openServer, openTargetServer } from './server.js';

/** Servers over mysql2. Without `keys`, journals on targets that keep no key are known to this process only. */
export const createServers = (keys: LocalJournalKeys = rememberKeys()): Servers => ({
  openSource: openServer,
  openTarget: openTargetServer(keys),
  keepConnections: (endpoint) => Promise.resolve(keepOwnConnections(endpoint)),
});

const rememberKeys = (): LocalJournalKeys => {
  const keys = new Map<string, Uint8Array>();
  return {
    find: (identity) => Promise.resolve(keys.get(identity)),
    make: (identity) => {
      const key = keys.get(identity) ?? randomBytes(JOURNAL_KEY_BYTES);
      keys.set(identity, key);
      return Promise.resolve(key);
    },
  };
};
