import type mysql from 'mysql2/promise';
import type { DatabaseName } from '../../../core/names.js';
import { quoteText } from '../connection/identifiers.js';
import { type TextRow, readRows } from '../connection/rows.js';

const MOST = 3;

/**
 * One line for each session that holds a metadata lock on tables of these databases, longest first; when the server
 * does not record those locks, the oldest transactions, which are the likely ones.
 */
export const describeBlockers = async (
  connection: mysql.Connection,
  databases: readonly DatabaseName[],
): Promise<readonly string[]> => {
  const names = databases.map(quoteText).join(', ');
  const holders =
    (await tryRows(connection, fromPerformanceSchema(names))) ??
    (await tryRows(connection, fromLockPlugin(names)));
  if (holders) return holders.slice(0, MOST).map((row) => describeSession('Blocked by', row));
  const transactions = await tryRows(connection, OLD_TRANSACTIONS);
  if (transactions) return transactions.slice(0, MOST).map((row) => describeSession('Perhaps by', row));
  return ['Look for open transactions on the target:  SHOW FULL PROCESSLIST;'];
};

const SESSION_COLUMNS = 'p.ID, p.USER, p.HOST, p.TIME, p.COMMAND, p.STATE, LEFT(p.INFO, 100)';

const fromPerformanceSchema = (names: string): string =>
  `SELECT DISTINCT ${SESSION_COLUMNS} FROM performance_schema.metadata_locks l
   JOIN performance_schema.threads t ON t.THREAD_ID = l.OWNER_THREAD_ID
   JOIN information_schema.PROCESSLIST p ON p.ID = t.PROCESSLIST_ID
   WHERE l.OBJECT_TYPE = 'TABLE' AND l.LOCK_STATUS = 'GRANTED' AND l.OBJECT_SCHEMA IN (${names})
     AND p.ID <> CONNECTION_ID() ORDER BY p.TIME DESC`;

/** MariaDB's plugin metadata_lock_info, when it is installed. */
const fromLockPlugin = (names: string): string =>
  `SELECT DISTINCT ${SESSION_COLUMNS} FROM information_schema.METADATA_LOCK_INFO l
   JOIN information_schema.PROCESSLIST p ON p.ID = l.THREAD_ID
   WHERE l.TABLE_SCHEMA IN (${names}) AND p.ID <> CONNECTION_ID() ORDER BY p.TIME DESC`;

const OLD_TRANSACTIONS = `SELECT ${SESSION_COLUMNS} FROM information_schema.INNODB_TRX x
   JOIN information_schema.PROCESSLIST p ON p.ID = x.trx_mysql_thread_id
   WHERE p.ID <> CONNECTION_ID() ORDER BY x.trx_started`;

/** Undefined when this server has no such table, this account may not read it, or it knows of nobody. */
const tryRows = async (
  connection: mysql.Connection,
  sql: string,
): Promise<readonly TextRow[] | undefined> => {
  try {
    const rows = await readRows(connection, sql);
    return rows.length > 0 ? rows : undefined;
  } catch {
    return undefined;
  }
};

const describeSession = (
  role: string,
  [id, user, host, seconds, command, state, statement]: TextRow,
): string =>
  `${role} connection ${id ?? ''} of ${user ?? ''}@${host ?? ''}, ${command ?? ''} for ${seconds ?? ''} s` +
  `${state ? ` (${state})` : ''}${statement ? `: ${statement.replaceAll(/\s+/g, ' ')}` : ''}`;
