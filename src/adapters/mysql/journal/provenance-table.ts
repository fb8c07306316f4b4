import type mysql from 'mysql2/promise';
import { SyncError } from '../../../core/errors.js';
import { type DatabaseName, OWN_DATABASE, toDatabaseName } from '../../../core/names.js';
import { MOST_RECORD_BYTES } from '../../../core/run/provenance.js';
import type { FoundProvenance, ProvenanceRow } from '../../../engine/ports/records.js';
import { isAccessDenied, serverErrorNumber } from '../connection/errors.js';
import { quoteName, quoteTable, quoteText } from '../connection/identifiers.js';
import { readRows } from '../connection/rows.js';
import { together } from '../connection/together.js';
import { type TextPlace, closeTable, nameOf, openTable, readColumns, takeNumbers } from './journal-table.js';

const PLACE: TextPlace = { database: OWN_DATABASE, table: 'provenance' };
const TABLE = quoteTable(PLACE.database, PLACE.table);

/** `live` is compared byte for byte; it is in lower case where the server tells no cases of databases apart. */
const DEFINITION = `(live VARCHAR(64) NOT NULL PRIMARY KEY, body LONGTEXT NOT NULL)
  ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`;

const WANTED_COLUMNS = JSON.stringify([
  ['live', 'varchar', 'NO', 'PRI', 'utf8mb4', '', ''],
  ['body', 'longtext', 'NO', '', 'utf8mb4', '', ''],
]);

/** More databases than a server has; of somebody who fills the table, no more is read. */
const MOST_ROWS = 10_000;

const readStatement = (
  number: number,
): string => `HANDLER ${nameOf(number)} READ ${quoteName('PRIMARY')} >= ('')
  WHERE OCTET_LENGTH(body) <= ${String(MOST_RECORD_BYTES)} LIMIT ${String(MOST_ROWS)}`;

/** As journals are read: nothing of whoever made the table runs, and its columns are compared while it cannot change. */
export const readProvenance = async (connection: mysql.Connection): Promise<FoundProvenance> => {
  const number = takeNumbers(1);
  const [opened, columns] = await together([
    openTable(connection, PLACE, number),
    readColumns(connection, [PLACE]),
  ]);
  if (opened?.kind === 'none') return opened;
  if (opened?.kind === 'refused')
    return { kind: 'refused', reason: `${TABLE}: ${opened.reason}`, isDenied: opened.isDenied === true };
  if ([...columns.values()][0] !== WANTED_COLUMNS) {
    await closeTable(connection, number);
    return foreign('its table has different columns');
  }
  try {
    const [rows] = await together([
      readRows(connection, readStatement(number)),
      closeTable(connection, number),
    ]);
    return {
      kind: 'rows',
      rows: rows.map(([live, body]) => ({ live: toDatabaseName(live ?? ''), text: body ?? '' })),
    };
  } catch (error) {
    // The table was replaced or dropped meanwhile.
    if (serverErrorNumber(error) === undefined) throw error;
    return foreign('it changed while it was read');
  }
};

const foreign = (reason: string): FoundProvenance => ({
  kind: 'refused',
  reason: `${TABLE}: ${reason}`,
  isDenied: false,
});

/** Makes the table where there is none. False when the account may not. */
export const makeProvenance = async (connection: mysql.Connection): Promise<boolean> => {
  try {
    await together([
      connection.query(`CREATE DATABASE IF NOT EXISTS ${quoteName(OWN_DATABASE)}`),
      connection.query(`CREATE TABLE IF NOT EXISTS ${TABLE} ${DEFINITION}`),
    ]);
    return true;
  } catch (error) {
    if (isAccessDenied(error)) return false;
    throw error;
  }
};

/** In one statement for all that are written, and one for all that go. */
export const writeProvenance = async (
  connection: mysql.Connection,
  rows: readonly ProvenanceRow[],
): Promise<void> => {
  const written = rows.flatMap(({ live, text }) => (text === null ? [] : [{ live, text }]));
  const long = written.find(({ text }) => Buffer.byteLength(text) > MOST_RECORD_BYTES);
  if (long)
    throw new SyncError('SERVER_ERROR', {
      message: `${long.live}: what was to be written down of it is longer than ${String(MOST_RECORD_BYTES)} bytes`,
    });
  const gone = rows.filter(({ text }) => text === null).map(({ live }) => live);
  await together([
    ...(written.length === 0
      ? []
      : [
          connection.query(
            `REPLACE INTO ${TABLE} (live, body) VALUES ${written.map(({ live, text }) => `(${quoteText(live)}, ${quoteText(text)})`).join(', ')}`,
          ),
        ]),
    ...(gone.length === 0
      ? []
      : [connection.query(`DELETE FROM ${TABLE} WHERE live IN (${gone.map(listed).join(', ')})`)]),
  ]);
};

const listed = (name: DatabaseName): string => quoteText(name);
