import type { Endpoint } from '../../../core/server/connection.js';
import type { DatabaseName, TableName } from '../../../core/names.js';
import { formatPlural } from '../../../core/plural.js';
import type { TableLock } from '../../../engine/ports/locks.js';
import { openFencedConnection } from '../connection/fenced-connection.js';
import { quoteTable } from '../connection/identifiers.js';
import { PATIENCE, explainLocked, retryWhileLocked } from './metadata-locks.js';

/**
 * Locks tables against writes, in a session that the server ends some time after this process stands still. Sessions of MySQL and
 * MariaDB wait for transactions that have written to them, because those hold metadata locks. Autocommit is on: without it, MariaDB locks
 * them inside of InnoDB too, where a rename would wait for much longer than the session allows.
 * @throws SyncError SWAP_FAILED naming the sessions that hold the tables; the reason of the signal
 */
export const openTableLock = async (
  endpoint: Endpoint,
  database: DatabaseName,
  tables: readonly TableName[],
  signal: AbortSignal,
): Promise<TableLock> => {
  const session = await openFencedConnection(endpoint);
  const what = `lock ${formatPlural(tables.length, 'table')} of ${database} that ${tables.length === 1 ? 'stays' : 'stay'}`;
  const sql = `LOCK TABLES ${tables.map((table) => `${quoteTable(database, table)} READ`).join(', ')}`;
  let isHeld = false;
  /** @throws SyncError CONN_LOST where the server ended the session, and the lock with it, at whatever time */
  const release = async (): Promise<void> => {
    if (!isHeld) return;
    isHeld = false;
    await session.use(`un${what}`, (connection) => connection.query('UNLOCK TABLES'));
  };
  const close = async (): Promise<void> => {
    // Where the session is gone, so is the lock.
    await release().catch(() => undefined);
    await session.close();
  };
  try {
    await session.use(what, async (connection) => {
      try {
        await retryWhileLocked(connection, PATIENCE, () => {
          signal.throwIfAborted();
          return connection.query(sql);
        });
      } catch (error) {
        throw await explainLocked(connection, error, `cannot ${what}`, [database]);
      }
    });
    isHeld = true;
    signal.throwIfAborted();
    return { release, close };
  } catch (error) {
    await close();
    throw error;
  }
};
