import { SyncError } from '../../../core/errors.js';
import type { Secret } from '../../../core/secret.js';
import { maskKeyStatement, maskKeyValues } from './mask-sql.js';

/** A session of the source. */
interface KeyedSession {
  readonly execute: (sql: string, values: readonly string[]) => Promise<unknown>;
  readonly readRow: (sql: string) => Promise<readonly (string | null)[]>;
}

/** Of each half of the key: the block of SHA-256. */
const BLOCK_BYTES = '64';

/**
 * Lets a session compute masks, until it is reset. The key goes as the value of a prepared statement. Without it every mask is
 * NULL, so it is asked whether the session has it: a proxy may run statements in several.
 */
export const giveMaskKey = async ({ execute, readRow }: KeyedSession, key: Secret): Promise<void> => {
  await execute(maskKeyStatement, maskKeyValues(key.reveal()));
  const lengths = await readRow('SELECT LENGTH(@mysql_sync_mask_i), LENGTH(@mysql_sync_mask_o)');
  if (lengths.length === 2 && lengths.every((length) => length === BLOCK_BYTES)) return;
  throw new SyncError('SERVER_ERROR', {
    message: 'the session of the source did not keep the key of the masks',
    hints: ['Does a proxy stand between that shares connections? Connect to the server itself.'],
  });
};
