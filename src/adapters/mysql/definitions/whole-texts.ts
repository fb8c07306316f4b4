import { randomUUID } from 'node:crypto';
import { isOfFamily } from '../../../core/sql/column-types.js';
import type mysql from 'mysql2/promise';
import { readCatalogExpression } from '../../../core/sql/catalog-text.js';
import type { Flavor } from '../../../core/flavor.js';
import { supports } from '../../../core/server/features.js';
import type { DatabaseName, TableName } from '../../../core/names.js';
import {
  type PrintedText,
  isDoubtfulText,
  listPrintedTexts,
  replaceTexts,
} from '../../../core/sql/printed-texts.js';
import { quoteComment } from '../../../core/sql/program-text.js';
import { tokenizeSql } from '../../../core/sql/sql-text.js';
import { serverErrorNumber } from '../connection/errors.js';
import { quoteName, quoteTable, quoteText } from '../connection/identifiers.js';
import { readRows } from '../connection/rows.js';

export interface WholeTable {
  readonly statement: string;
  /** What no server tells whole: a `?` in it may be another character. */
  readonly lost: readonly PrintedText[];
}

/**
 * Servers print definitions by way of a character set that has no characters of four bytes, and a `?` for each of them
 * and for bytes that are no text. Whatever has a `?` is asked for by itself, as bytes. Reads, and writes nothing.
 */
export const readWholeTable = async (
  connection: mysql.Connection,
  flavor: Flavor,
  database: DatabaseName,
  name: TableName,
  statement: string,
): Promise<WholeTable> => {
  if (!isDoubtfulText(statement) && !/0x/i.test(statement)) return { statement, lost: [] };
  const asked = listPrintedTexts(statement).filter((text) => text.isDoubtful || isTextInHex(text));
  if (asked.length === 0) return { statement, lost: [] };
  const table = { connection, flavor, database, name };
  const found = new Map<PrintedText, string>();
  for (const [read, texts] of [
    [readValues, asked.filter(({ role }) => role === 'value')],
    [readMembers, asked.filter(({ role }) => role === 'member')],
    [readExpressions, asked.filter(({ role }) => role === 'expression')],
  ] as const)
    if (texts.length > 0)
      for (const [text, whole] of await orNothing(() => read(table, texts))) found.set(text, whole);
  return {
    statement: replaceTexts(statement, found),
    lost: asked.filter((text) => text.isDoubtful && !found.has(text)),
  };
};

interface Table {
  readonly connection: mysql.Connection;
  readonly flavor: Flavor;
  readonly database: DatabaseName;
  readonly name: TableName;
}

type Found = readonly (readonly [PrintedText, string])[];

/** So prints MySQL a default that it could not print as text. */
const isTextInHex = ({ role, type, text }: PrintedText): boolean =>
  role === 'value' && isOfFamily(type, 'text', 'members') && /^0x/i.test(text);

/** A table that cannot be read is not one whose texts are known. */
const orNothing = async (read: () => Promise<Found>): Promise<Found> => {
  try {
    return await read();
  } catch (error) {
    if (serverErrorNumber(error) === undefined) throw error;
    return [];
  }
};

/** Its bytes when it is binary, else its text, marked by the first letter. */
const renderCell = (cell: string): string =>
  `IF(CHARSET(${cell}) = 'binary', CONCAT('b', HEX(${cell})), CONCAT('t', HEX(CONVERT(${cell} USING utf8mb4))))`;

/** Undefined of what is no such cell. */
const toSql = (cell: string | null | undefined): string | undefined => {
  const [, kind, hex] = /^([bt])((?:[\dA-F]{2})*)$/.exec(cell ?? '') ?? [];
  if (kind === undefined || hex === undefined) return undefined;
  if (kind === 'b') return hex === '' ? "''" : `0x${hex}`;
  return quoteComment(Buffer.from(hex, 'hex').toString('utf8'), '');
};

/**
 * DEFAULT() of a column that is NOT NULL is NULL in an outer join, and an empty table has no rows. But a condition that
 * needs no row is worked out before any is looked for, and what it assigns is there afterwards.
 */
const readValues = async (table: Table, texts: readonly PrintedText[]): Promise<Found> => {
  const { connection, database, name } = table;
  const cells = texts.map((text) => renderCell(`DEFAULT(${quoteName(text.name)})`));
  // Others read on the same connection.
  const variable = `@${quoteName(`mysql_sync_${randomUUID()}`)}`;
  await readRows(
    connection,
    `SELECT 1 FROM ${quoteTable(database, name)}
     WHERE (${variable} := CONCAT_WS(',', ${cells.join(', ')})) IS NOT NULL LIMIT 1`,
  );
  const [row] = await readRows(connection, `SELECT ${variable}`);
  const values = row?.[0]?.split(',') ?? [];
  return texts.flatMap((text, at) => {
    const value = toSql(values[at]);
    return value === undefined ? [] : [[text, value] as const];
  });
};

/**
 * The columns of a recursive query have the types of its first part, also where that has no row of the table: a number
 * that goes into a column of type ENUM or SET comes out as its members.
 */
const readMembers = async (table: Table, texts: readonly PrintedText[]): Promise<Found> => {
  const { connection, flavor, database, name } = table;
  if (!supports(flavor, 'recursiveQueries')) return [];
  const found: (readonly [PrintedText, string])[] = [];
  for (const column of new Set(texts.map((text) => text.name))) {
    const members = texts.filter((text) => text.name === column);
    const numbers = members.map(
      ({ type, position }) =>
        `SELECT ${String(position)} AS n, ${String(type === 'set' ? 1n << BigInt(position - 1) : position)} AS v`,
    );
    const rows = await readRows(
      connection,
      `WITH RECURSIVE m (n, v) AS (
         SELECT 0, t.${quoteName(column)} FROM (SELECT 1 AS one) o LEFT JOIN ${quoteTable(database, name)} t ON FALSE
         UNION ALL SELECT j.n, j.v FROM m JOIN (${numbers.join(' UNION ALL ')}) j WHERE m.n = 0)
       SELECT n, ${renderCell('v')} FROM m WHERE n > 0`,
    );
    const cells = new Map(rows.map(([number, cell]) => [Number(number), cell]));
    for (const text of members) {
      const member = toSql(cells.get(text.position));
      if (member !== undefined) found.push([text, member]);
    }
  }
  return found;
};

/** MariaDB prints the expressions that it keeps, apart from some defaults; MySQL keeps more than it prints. */
const readExpressions = async (table: Table, texts: readonly PrintedText[]): Promise<Found> => {
  if (!supports(table.flavor, 'dataDictionary')) {
    const lost = supports(table.flavor, 'wideExpressions') ? new Set() : await findLostDefaults(table, texts);
    return texts.filter((text) => !lost.has(text)).map((text) => [text, text.text] as const);
  }
  const catalog = await readCatalogExpressions(table);
  return texts.flatMap((text) => {
    const whole = readCatalogExpression(catalog.get(keyOf(text)) ?? '', text.text);
    return whole === undefined ? [] : [[text, whole] as const];
  });
};

/**
 * Before 10.6 MariaDB keeps a `?` for each character of four bytes in an expression, and uses it so. But of a default that
 * is always the same it keeps the value too, whole, and gives that to new rows. Nothing that only reads tells it.
 */
const findLostDefaults = async (
  table: Table,
  texts: readonly PrintedText[],
): Promise<ReadonlySet<PrintedText>> => {
  const lost = new Set<PrintedText>();
  for (const text of texts) {
    const needsColumn = tokenizeSql(text.text).some(({ kind }) => kind === 'name');
    if (text.use !== 'default' || needsColumn) continue;
    const [once, again] = [await readValues(table, [text]), await readValues(table, [text])];
    if (once[0]?.[1] === again[0]?.[1]) lost.add(text);
  }
  return lost;
};

const keyOf = ({ of, name, use, position }: Pick<PrintedText, 'of' | 'name' | 'use' | 'position'>): string =>
  JSON.stringify([of, name, use, position]);

const readCatalogExpressions = async ({
  connection,
  database,
  name,
}: Table): Promise<ReadonlyMap<string, string>> => {
  const isOfTable = `TABLE_SCHEMA = ${quoteText(database)} AND TABLE_NAME = ${quoteText(name)}`;
  const columns = await readRows(
    connection,
    `SELECT COLUMN_NAME, GENERATION_EXPRESSION, COLUMN_DEFAULT FROM information_schema.COLUMNS WHERE ${isOfTable}`,
  );
  const parts = await readRows(
    connection,
    `SELECT INDEX_NAME, SEQ_IN_INDEX, EXPRESSION FROM information_schema.STATISTICS WHERE ${isOfTable}`,
  );
  const checks = await readRows(
    connection,
    `SELECT CONSTRAINT_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS
     WHERE CONSTRAINT_SCHEMA = ${quoteText(database)}`,
  );
  return new Map([
    ...columns.flatMap(([column, generated, preset]): [string, string][] => [
      [keyOf({ of: 'column', name: column ?? '', use: 'generated', position: 1 }), generated ?? ''],
      [keyOf({ of: 'column', name: column ?? '', use: 'default', position: 1 }), preset ?? ''],
    ]),
    ...parts.map(([index, position, text]): [string, string] => [
      keyOf({ of: 'key', name: index ?? '', use: 'part', position: Number(position) }),
      text ?? '',
    ]),
    ...checks.map(([check, text]): [string, string] => [
      keyOf({ of: 'check', name: check ?? '', use: 'check', position: 1 }),
      text ?? '',
    ]),
  ]);
};
