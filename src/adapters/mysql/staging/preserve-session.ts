import type mysql from 'mysql2/promise';
import { randomUUID } from 'node:crypto';
import { SyncError } from '../../../core/errors.js';
import { formatCount, formatPlural } from '../../../core/plural.js';
import { STRICT_MODE } from '../../../core/session/target-modes.js';
import type {
  PreservePlaces,
  PreserveSession,
  PreservedRows,
} from '../../../engine/ports/target-sessions.js';
import { quoteName, quoteTable } from '../connection/identifiers.js';
import { readFirstColumn, readRows } from '../connection/rows.js';
import { type SessionPlace, openAbortable } from './abortable-session.js';
import { type Beside, findDangling } from './dangling-keys.js';
import { equate, readUniqueKeys } from './unique-keys.js';

/** What `isolation` may be: MySQL's binary log takes no statements of READ COMMITTED where it is STATEMENT. */
export type Isolation = 'READ COMMITTED' | 'REPEATABLE READ';

/**
 * A session in the live database, so that conditions name its tables, which writes into the staging one. Strict, as copies
 * are loaded. Foreign keys are off, so that nothing follows a row that gives way; READ COMMITTED locks no live row.
 */
export const openPreserveSession = async (
  place: SessionPlace & { readonly isolation: Isolation },
  places: PreservePlaces,
  signal: AbortSignal,
): Promise<PreserveSession> => {
  const settings = [
    `SET sql_mode = '${STRICT_MODE}', time_zone = DEFAULT, foreign_key_checks = 0`,
    `SET SESSION TRANSACTION ISOLATION LEVEL ${place.isolation}`,
  ];
  const begin = { database: places.live, settings, purpose: 'the rows that stay' };
  const session = await openAbortable(place, begin, signal);
  const { connection } = session;
  const beside = new Map<PreservedRows, Beside>();
  const run = createWork(connection, places, beside);
  return {
    take: (rows) => session.attempt(`read the rows of ${rows.from} that stay`, () => run.take(rows)),
    put: (rows) => session.attempt(`put rows into the copy of ${rows.to}`, () => run.put(rows)),
    findDangling: () =>
      session.attempt('check the foreign keys of rows that stay', () =>
        findDangling(connection, places, beside),
      ),
    clear: () =>
      session.attempt('drop what was made beside the copy', async () => {
        for (const name of [...beside.values()].flatMap(({ taken, gone }) => [taken, gone]))
          await connection.query(`DROP TABLE IF EXISTS ${quoteTable(places.staging, name)}`);
      }),
    close: () => session.close(),
  };
};

const createWork = (
  connection: mysql.Connection,
  { live, staging }: PreservePlaces,
  beside: Map<PreservedRows, Beside>,
): Pick<PreserveSession, 'take' | 'put'> => {
  const change = async (sql: string): Promise<mysql.ResultSetHeader> =>
    (await connection.query<mysql.ResultSetHeader>(sql))[0];
  const makeBeside = async ({ to }: PreservedRows): Promise<string> => {
    const name = `mysql_sync_${randomUUID()}`;
    await change(`CREATE TABLE ${quoteTable(staging, name)} LIKE ${quoteTable(staging, to)}`);
    return name;
  };
  const take: PreserveSession['take'] = async (rows) => {
    const made = { taken: await makeBeside(rows), gone: await makeBeside(rows) };
    beside.set(rows, made);
    const condition = rows.where === null ? '' : ` WHERE (${rows.where}\n)`;
    const { affectedRows, warningStatus } = await change(
      `INSERT INTO ${quoteTable(staging, made.taken)} (${list(rows.columns.map(({ to }) => to))})
       SELECT ${list(rows.columns.map(({ from }) => from))} FROM ${quoteTable(live, rows.from)}${condition}`,
    );
    if (warningStatus > 0) await refuseWarnings(connection, rows.from, warningStatus);
    return affectedRows;
  };
  /** What clashes by a key over an expression is not found here, and refused by the server. */
  const put: PreserveSession['put'] = async (rows) => {
    const made = beside.get(rows);
    if (!made) return 0;
    const [copy, taken, gone] = [rows.to, made.taken, made.gone].map((name) => quoteTable(staging, name));
    const columns = list(rows.allColumns);
    const sameRow = (one: string, other: string): string =>
      equate(
        rows.primaryKey.map((column) => ({ column, length: undefined })),
        one,
        other,
      );
    const [first] = rows.primaryKey;
    if (first !== undefined)
      for (const key of await readUniqueKeys(connection, staging, rows.to))
        await change(
          `INSERT INTO ${gone} (${columns}) SELECT ${list(rows.allColumns, 'c')} FROM ${copy} AS c
           JOIN ${taken} AS t ON ${equate(key, 'c', 't')}
           LEFT JOIN ${gone} AS g ON ${sameRow('c', 'g')} WHERE g.${quoteName(first)} IS NULL`,
        );
    const [replaced = '0'] = await readFirstColumn(connection, `SELECT COUNT(*) FROM ${gone}`);
    if (replaced !== '0')
      await change(`DELETE c FROM ${copy} AS c JOIN ${gone} AS g ON ${sameRow('c', 'g')}`);
    await change(`INSERT INTO ${copy} (${columns}) SELECT ${columns} FROM ${taken}`);
    return Number(replaced);
  };
  return { take, put };
};

const list = (columns: readonly string[], table?: string): string =>
  columns.map((name) => `${table === undefined ? '' : `${table}.`}${quoteName(name)}`).join(', ');

/**
 * Warnings of values that a server made fit: out of range, truncated, incorrect, too long, in no such character. A strict
 * session makes errors of most, and of some it never does, such as spaces at the end that are cut off.
 */
const ALTERING: ReadonlySet<string> = new Set([
  '1264',
  '1265',
  '1292',
  '1300',
  '1366',
  '1406',
  '1411',
  '3988',
]);

/** Servers list no more than `max_error_count` of them, and any of the others may be one of a changed value. */
const refuseWarnings = async (connection: mysql.Connection, table: string, count: number): Promise<void> => {
  const warnings = await readRows(connection, 'SHOW WARNINGS');
  const altering = warnings.find(([, code]) => ALTERING.has(code ?? ''));
  if (!altering && warnings.length >= count) return;
  const what = altering
    ? `${altering[2] ?? ''} (${altering[1] ?? ''})`
    : `the server gave ${formatPlural(count, 'warning')} and lists ${formatCount(warnings.length)} (max_error_count)`;
  throw new SyncError('PRESERVE_FAILED', {
    message: `a value of ${table} does not fit into the copy: ${what}`,
    hints: ['The copy was dropped before the swap; the target is unchanged.'],
  });
};
