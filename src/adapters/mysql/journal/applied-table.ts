import type mysql from 'mysql2/promise';
import { OWN_DATABASE } from '../../../core/names.js';
import { type AppliedRecord, parseAppliedRecord } from '../../../core/run/applied-record.js';
import type { FoundApplied } from '../../../engine/ports/locks.js';
import {
  isAccessDenied,
  isUnknownDatabase,
  isUnknownTable,
  serverErrorNumber,
} from '../connection/errors.js';
import { quoteName, quoteTable, quoteText } from '../connection/identifiers.js';
import { readRows } from '../connection/rows.js';
import { together } from '../connection/together.js';
import { type TextPlace, closeTable, nameOf, openTable, readColumns, takeNumbers } from './journal-table.js';

const PLACE: TextPlace = { database: OWN_DATABASE, table: 'applied' };
const TABLE = quoteTable(PLACE.database, PLACE.table);

/** `live` is in lower case where the server tells no cases of databases apart; `at` is UTC. */
const DEFINITION = `(saved_plan VARCHAR(100) NOT NULL, live VARCHAR(64) NOT NULL, run VARCHAR(6) NOT NULL,
  at DATETIME NOT NULL, PRIMARY KEY (saved_plan, live)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`;

const WANTED_COLUMNS = JSON.stringify([
  ['saved_plan', 'varchar', 'NO', 'PRI', 'utf8mb4', '', ''],
  ['live', 'varchar', 'NO', 'PRI', 'utf8mb4', '', ''],
  ['run', 'varchar', 'NO', '', 'utf8mb4', '', ''],
  ['at', 'datetime', 'NO', '', null, '', ''],
]);

/** More databases than a server has. */
const MOST_ROWS = 10_000;

/** Saved plans are good for a day. */
const KEPT_DAYS = 30;

/**
 * As journals are read: nothing of whoever made the table runs, and its columns are compared while it cannot change. Rows of a
 * table that was `seen` to be ours before are asked for at once, and believed when its columns have been compared again.
 */
export const readApplied = async (
  connection: mysql.Connection,
  savedPlan: string,
  seen: 'seen' | 'unseen' = 'unseen',
): Promise<FoundApplied> => {
  const number = takeNumbers(1);
  const looking = [openTable(connection, PLACE, number), readColumns(connection, [PLACE])] as const;
  const read = `HANDLER ${nameOf(number)} READ ${quoteName('PRIMARY')} = (${quoteText(savedPlan)}) LIMIT ${String(MOST_ROWS)}`;
  const readAndClose = () => together([readRows(connection, read), closeTable(connection, number)]);
  const reading = seen === 'seen' ? readAndClose() : undefined;
  const [[opened, columns]] = await Promise.all([together(looking), reading?.catch(() => undefined)]);
  if (opened?.kind === 'none') return opened;
  if (opened?.kind === 'refused') return { kind: 'refused', reason: `${TABLE}: ${opened.reason}` };
  if ([...columns.values()][0] !== WANTED_COLUMNS) {
    if (!reading) await closeTable(connection, number);
    return { kind: 'refused', reason: `${TABLE}: mysql-sync did not make this table` };
  }
  try {
    const [rows] = await (reading ?? readAndClose());
    const records = rows.flatMap(([, live, run]) => parseAppliedRecord(live ?? '', run ?? '') ?? []);
    return records.length === rows.length
      ? { kind: 'rows', rows: records }
      : { kind: 'refused', reason: `${TABLE}: there is a row that mysql-sync did not write` };
  } catch (error) {
    // The table was replaced or dropped meanwhile.
    if (serverErrorNumber(error) === undefined) throw error;
    return { kind: 'refused', reason: `${TABLE}: it changed while it was read` };
  }
};

/**
 * Makes the table where there is none, drops what is old, and tries every right that is needed later. False when the
 * account lacks one.
 */
export const makeApplied = (connection: mysql.Connection): Promise<boolean> =>
  whereAllowed([
    connection.query(`CREATE DATABASE IF NOT EXISTS ${quoteName(OWN_DATABASE)}`),
    connection.query(`CREATE TABLE IF NOT EXISTS ${TABLE} ${DEFINITION}`),
    connection.query(`DELETE FROM ${TABLE} WHERE at < UTC_TIMESTAMP() - INTERVAL ${String(KEPT_DAYS)} DAY`),
    connection.query(`INSERT INTO ${TABLE} SELECT * FROM ${TABLE} WHERE FALSE`),
  ]);

/** False when there is no such table, or the account may not write it. */
export const writeApplied = (
  connection: mysql.Connection,
  savedPlan: string,
  records: readonly AppliedRecord[],
): Promise<boolean> => {
  const rows = records.map(
    ({ live, run }) =>
      `(${[savedPlan, live, run].map((text) => quoteText(text)).join(', ')}, UTC_TIMESTAMP())`,
  );
  return whereAllowed([
    connection.query(`REPLACE INTO ${TABLE} (saved_plan, live, run, at) VALUES ${rows.join(', ')}`),
  ]);
};

/** Of what these runs had written and what was undone since. False as above. */
export const forgetApplied = (
  connection: mysql.Connection,
  savedPlan: string,
  records: readonly AppliedRecord[],
): Promise<boolean> => {
  const which = records.map(({ live, run }) => `(live = ${quoteText(live)} AND run = ${quoteText(run)})`);
  return whereAllowed([
    connection.query(
      `DELETE FROM ${TABLE} WHERE saved_plan = ${quoteText(savedPlan)} AND (${which.join(' OR ')})`,
    ),
  ]);
};

const whereAllowed = async (statements: readonly Promise<unknown>[]): Promise<boolean> => {
  try {
    await together(statements);
    return true;
  } catch (error) {
    if (isAccessDenied(error) || isUnknownDatabase(error) || isUnknownTable(error)) return false;
    throw error;
  }
};
