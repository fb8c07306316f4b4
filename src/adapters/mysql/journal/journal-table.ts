import type mysql from 'mysql2/promise';
import type { DatabaseName } from '../../../core/names.js';
import { quoteName, quoteTable, quoteText } from '../connection/identifiers.js';
import { serverErrorNumber } from '../connection/errors.js';
import { groupRows } from '../inventory/inspect-catalog.js';
import { readRows } from '../connection/rows.js';
import { together } from '../connection/together.js';

/** Larger than any journal, and what is read at most of a table that anybody may have filled. */
const MOST_BYTES = 64 * 1024 * 1024;

/** A table of one text. Journals have this form, and the key that signs them. */
export const TEXT_TABLE =
  '(id TINYINT PRIMARY KEY, body LONGTEXT NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4';

export interface TextPlace {
  readonly database: DatabaseName;
  readonly table: string;
}

interface Refused {
  readonly kind: 'refused';
  readonly reason: string;
  /** By the server, for want of a privilege. */
  readonly isDenied?: true;
}

/** The text of such a table; undefined where there is none, or no row. */
export type ReadText = { readonly kind: 'none' } | Refused | { readonly kind: 'text'; readonly text: string };

/**
 * Reads texts from tables that others may have put there. HANDLER opens no view, so nothing of anybody runs: no
 * function, no definer. While it is open its definition cannot change, so the columns are compared before a row is
 * read. Only one row is asked for, by its key, and only when it is not too long.
 * @throws the driver's error, but not for places that are missing or denied
 */
export const readTexts = async (
  connection: mysql.Connection,
  places: readonly TextPlace[],
): Promise<readonly ReadText[]> => {
  const found: ReadText[] = [];
  for (let start = 0; start < places.length; start += BATCH)
    found.push(...(await readBatch(connection, places.slice(start, start + BATCH))));
  return found;
};

/** Tables that are held open at once. */
const BATCH = 50;

const readBatch = async (
  connection: mysql.Connection,
  places: readonly TextPlace[],
): Promise<readonly ReadText[]> => {
  // A server answers in the order in which it was asked: the columns are those of tables that are open.
  const first = takeNumbers(places.length);
  const opening = places.map((place, index) => openTable(connection, place, first + index));
  const [columns, ...opened] = await Promise.allSettled([
    readColumns(connection, places),
    ...opening,
  ] as const);
  const read = async (place: TextPlace, index: number): Promise<ReadText> => {
    const table = opened[index];
    if (columns.status === 'rejected') throw columns.reason;
    if (table?.status === 'rejected') throw table.reason;
    return table?.value ?? readOne(connection, first + index, columns.value.get(keyOf(place)));
  };
  const texts = places.map(read);
  const closing = opened.map(async (table, index) => {
    if (table.status === 'fulfilled' && table.value === undefined)
      await closeTable(connection, first + index);
  });
  const [found] = await together([together(texts), Promise.all(closing)]);
  return found;
};

let taken = 0;

/** So many numbers for tables that are opened together: reads overlap on one connection, and two of one name would clash. */
export const takeNumbers = (count: number): number => {
  taken += count;
  return taken - count;
};

/** The name by which the table is read that was opened as this one. */
export const nameOf = (index: number): string => `mysql_sync_${String(index)}`;
const keyOf = ({ database, table }: TextPlace): string => JSON.stringify([database, table]);

const NOT_THERE = new Set<number | undefined>([1049, 1146]);
const DENIED = new Set<number | undefined>([1044, 1142]);

/** What cannot be closed is not there any more. */
export const closeTable = async (connection: mysql.Connection, index: number): Promise<void> => {
  await connection.query(`HANDLER ${nameOf(index)} CLOSE`).catch(() => undefined);
};

/** Undefined when it is open. */
export const openTable = async (
  connection: mysql.Connection,
  { database, table }: TextPlace,
  index: number,
): Promise<{ readonly kind: 'none' } | Refused | undefined> => {
  try {
    await connection.query(`HANDLER ${quoteTable(database, table)} OPEN AS ${nameOf(index)}`);
    return undefined;
  } catch (error) {
    const number = serverErrorNumber(error);
    if (number === undefined) throw error;
    if (NOT_THERE.has(number)) return { kind: 'none' };
    if (DENIED.has(number))
      return { kind: 'refused', reason: 'this account may not read it', isDenied: true };
    return { kind: 'refused', reason: 'mysql-sync did not make this table' };
  }
};

const WANTED_COLUMNS = JSON.stringify([
  ['id', 'tinyint', 'NO', 'PRI', null, '', ''],
  ['body', 'longtext', 'NO', '', 'utf8mb4', '', ''],
]);

/** The columns of each table, in a form that can be compared. */
export const readColumns = async (
  connection: mysql.Connection,
  places: readonly TextPlace[],
): Promise<ReadonlyMap<string, string>> => {
  if (places.length === 0) return new Map();
  const tables = new Set(places.map(({ table }) => table));
  const databases = new Set(places.map(({ database }) => database));
  const rows = await readRows(
    connection,
    `SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, DATA_TYPE, IS_NULLABLE, COLUMN_KEY, CHARACTER_SET_NAME, EXTRA,
       COALESCE(COLUMN_DEFAULT, '')
     FROM information_schema.COLUMNS WHERE TABLE_SCHEMA IN (${listTexts(databases)}) AND TABLE_NAME IN (${listTexts(tables)})
     ORDER BY ORDINAL_POSITION`,
  );
  const columns = groupRows(rows, ([database, table]) => JSON.stringify([database, table]));
  return new Map([...columns].map(([key, found]) => [key, JSON.stringify(found.map((row) => row.slice(2)))]));
};

const listTexts = (texts: Iterable<string>): string => [...texts].map(quoteText).join(', ');

const readOne = async (
  connection: mysql.Connection,
  index: number,
  columns: string | undefined,
): Promise<ReadText> => {
  if (columns !== WANTED_COLUMNS) return { kind: 'refused', reason: 'its table has different columns' };
  try {
    const [row] = await readRows(
      connection,
      `HANDLER ${nameOf(index)} READ ${quoteName('PRIMARY')} = (1) WHERE OCTET_LENGTH(body) <= ${String(MOST_BYTES)} LIMIT 1`,
    );
    const text = row?.[1];
    if (text === undefined) return { kind: 'refused', reason: 'its table is empty, or its text too long' };
    return { kind: 'text', text: text ?? '' };
  } catch (error) {
    // The table was replaced or dropped meanwhile.
    if (serverErrorNumber(error) === undefined) throw error;
    return { kind: 'refused', reason: 'it changed while it was read' };
  }
};
