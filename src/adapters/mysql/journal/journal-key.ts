import { randomBytes } from 'node:crypto';
import type mysql from 'mysql2/promise';
import { JOURNAL_KEY_BYTES } from '../../../core/run/journal-seal.js';
import { OWN_DATABASE } from '../../../core/names.js';
import type { LocalJournalKeys } from '../../../engine/ports/records.js';
import { isAccessDenied } from '../connection/errors.js';
import { quoteName, quoteTable, quoteText } from '../connection/identifiers.js';
import { together } from '../connection/together.js';
import { TEXT_TABLE, readTexts } from './journal-table.js';

const KEY_PLACE = { database: OWN_DATABASE, table: 'journal_key' } as const;

/** The keys that journals of one target are signed with. */
export interface JournalKeys {
  /** All that this account and this machine have, the target's own first. Makes none. */
  list(connection: mysql.Connection): Promise<readonly Uint8Array[]>;
  /** The one to sign with, the same for the whole run: the target's own, made when the account may, else that of this machine. */
  obtain(connection: mysql.Connection): Promise<Uint8Array>;
}

/**
 * The key stands on the target, where every machine and pipeline that may read it finds it, in a database that grants
 * on scratch databases do not cover. `local` keeps keys of targets whose account has no such database.
 */
export const createJournalKeys = (identity: string, local: LocalJournalKeys): JournalKeys => {
  let obtained: Uint8Array | undefined;
  return {
    list: async (connection) => {
      const keys = [await readSharedKey(connection), await local.find(identity)];
      return keys.filter((key) => key !== undefined);
    },
    obtain: async (connection) =>
      (obtained ??=
        (await readSharedKey(connection)) ??
        (await makeSharedKey(connection)) ??
        (await local.make(identity))),
  };
};

const readSharedKey = async (connection: mysql.Connection): Promise<Uint8Array | undefined> => {
  const [found] = await readTexts(connection, [KEY_PLACE]);
  if (found?.kind !== 'text') return undefined;
  const key = Buffer.from(found.text, 'hex');
  return key.length === JOURNAL_KEY_BYTES ? key : undefined;
};

/** Undefined when the account may not. Whatever two runs do at once, one key is there at the end. */
const makeSharedKey = async (connection: mysql.Connection): Promise<Uint8Array | undefined> => {
  const table = quoteTable(KEY_PLACE.database, KEY_PLACE.table);
  try {
    await together([
      connection.query(`CREATE DATABASE IF NOT EXISTS ${quoteName(OWN_DATABASE)}`),
      connection.query(`CREATE TABLE IF NOT EXISTS ${table} ${TEXT_TABLE}`),
      connection.query(
        `INSERT IGNORE INTO ${table} (id, body) VALUES (1, ${quoteText(randomBytes(JOURNAL_KEY_BYTES).toString('hex'))})`,
      ),
    ]);
  } catch (error) {
    if (isAccessDenied(error)) return undefined;
    throw error;
  }
  return readSharedKey(connection);
};
