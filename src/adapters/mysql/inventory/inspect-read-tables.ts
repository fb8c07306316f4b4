import type mysql from 'mysql2/promise';
import type { OlderServer } from '../../../core/conversion/collation-text.js';
import type { Flavor } from '../../../core/flavor.js';
import { supports } from '../../../core/server/features.js';
import type { TableInventory } from '../../../core/server/inventory.js';
import { toDatabaseName } from '../../../core/names.js';
import { PrintedSqlRefusal } from '../../../core/sql/printed-sql.js';
import { readPrintedTable } from '../../../core/sql/printed-table.js';
import { quoteName, quoteTable } from '../connection/identifiers.js';
import { readRows } from '../connection/rows.js';
import type { Cell, Row } from './information-schema.js';
import { type Catalog, groupRows } from './inspect-catalog.js';
import { serverErrorNumber } from '../connection/errors.js';
import { together } from '../connection/together.js';
import { textOf } from './inspect-normal-form.js';
import { completeTexts } from './inspect-whole-texts.js';
import { compareText } from './inspect-columns.js';
import { isPartitioned, listParts, toTableInventory } from './inspect-tables.js';
import type { CheckRow } from './table-rows.js';

/** Names end before a zero byte on every server. */
export const keyOfTable = (row: { readonly TABLE_SCHEMA: Cell; readonly TABLE_NAME: Cell }): string =>
  `${textOf(row.TABLE_SCHEMA)}\0${textOf(row.TABLE_NAME)}`;

export interface ReadTables {
  /** By database, sorted by name. Views are not among them. */
  readonly tables: ReadonlyMap<string, readonly TableInventory[]>;
  /** Views by `keyOfTable` that the server does not open: it lists no columns of them, or an error as their comment. */
  readonly unopened: ReadonlySet<string>;
}

export interface TableReading {
  readonly older?: OlderServer | undefined;
  /** `parts`: what the fingerprints are made of, too. */
  readonly detail?: 'parts';
}

export const readTables = async (
  connection: mysql.Connection,
  catalog: Catalog,
  flavor: Flavor,
  databases: readonly string[],
  { older, detail }: TableReading = {},
): Promise<ReadTables> => {
  const isForeignKey = { and: 'REFERENCED_TABLE_NAME IS NOT NULL' };
  const [listed, columnRows, indexRows, keyColumnRows, keyRuleRows, checkRows] = await together([
    catalog.read('TABLES', databases),
    catalog.read('COLUMNS', databases),
    catalog.read('STATISTICS', databases),
    catalog.read('KEY_COLUMN_USAGE', databases, isForeignKey),
    catalog.read('REFERENTIAL_CONSTRAINTS', databases),
    readChecks(catalog, databases),
  ]);
  const tables = listed.filter(({ TABLE_TYPE }) => TABLE_TYPE !== 'VIEW');
  const [partitionRows, sequences, directories] = await together([
    readPartitions(catalog, tables),
    readSequences(connection, tables),
    findDirectories(connection, tables, flavor),
  ]);
  const columns = groupRows(columnRows, keyOfTable);
  const indexes = groupRows(indexRows, keyOfTable);
  const keyColumns = groupRows(keyColumnRows, keyOfTable);
  const keyRules = groupRows(keyRuleRows, (row) =>
    keyOfTable({ ...row, TABLE_SCHEMA: row.CONSTRAINT_SCHEMA }),
  );
  const checks = groupRows(checkRows, keyOfTable);
  const partitions = groupRows(partitionRows, keyOfTable);
  const inventories: { readonly database: string; readonly table: TableInventory }[] = [];
  for (const table of tables) {
    const key = keyOfTable(table);
    const rows = {
      table,
      columns: columns.get(key) ?? [],
      indexes: indexes.get(key) ?? [],
      keyColumns: keyColumns.get(key) ?? [],
      keyRules: keyRules.get(key) ?? [],
      checks: checks.get(key) ?? [],
      partitions: partitions.get(key) ?? [],
      sequence: sequences.get(key) ?? null,
      hasDirectory: directories.has(key),
    };
    const { lostTexts, wideTexts, ...whole } = await completeTexts(connection, flavor, rows);
    inventories.push({
      database: textOf(table.TABLE_SCHEMA),
      table: {
        ...toTableInventory({ ...rows, ...whole }, flavor, older),
        ...(detail === 'parts' ? { parts: listParts({ ...rows, ...whole }, flavor) } : {}),
        ...(lostTexts ? { lostTexts } : {}),
        ...(wideTexts ? { wideTexts } : {}),
      },
    });
  }
  inventories.sort((a, b) => compareText(a.table.name, b.table.name));
  const isOpened = (view: Row<'TABLES'>): boolean =>
    view.TABLE_COMMENT === 'VIEW' && columns.has(keyOfTable(view));
  const views = listed.filter(({ TABLE_TYPE }) => TABLE_TYPE === 'VIEW');
  return {
    tables: new Map(
      [...groupRows(inventories, ({ database }) => database)].map(([database, group]) => [
        database,
        group.map(({ table }) => table),
      ]),
    ),
    unopened: new Set(views.filter((view) => !isOpened(view)).map(keyOfTable)),
  };
};

/** MariaDB has the table beside the check; MySQL has it, and whether the check is enforced, among all constraints. */
const readChecks = async (catalog: Catalog, databases: readonly string[]): Promise<readonly CheckRow[]> => {
  const nameOf = (row: { readonly CONSTRAINT_SCHEMA: Cell; readonly CONSTRAINT_NAME: Cell }): string =>
    `${textOf(row.CONSTRAINT_SCHEMA)}\0${textOf(row.CONSTRAINT_NAME)}`;
  const [checks, constraints] = await together([
    catalog.read('CHECK_CONSTRAINTS', databases),
    catalog.hasColumn('CHECK_CONSTRAINTS', 'TABLE_NAME')
      ? Promise.resolve([])
      : catalog.read('TABLE_CONSTRAINTS', databases, { and: "CONSTRAINT_TYPE = 'CHECK'" }),
  ]);
  const owners = new Map(constraints.map((row) => [nameOf(row), row]));
  return checks.map((check) => ({
    TABLE_SCHEMA: textOf(check.CONSTRAINT_SCHEMA),
    TABLE_NAME: textOf(check.TABLE_NAME ?? owners.get(nameOf(check))?.TABLE_NAME ?? null),
    name: textOf(check.CONSTRAINT_NAME),
    clause: textOf(check.CHECK_CLAUSE),
    isEnforced: owners.get(nameOf(check))?.ENFORCED !== 'NO',
  }));
};

/** MariaDB's catalog tells the DATA DIRECTORY of a table, but that of partitions is in the printed statement only. */
const findDirectories = async (
  connection: mysql.Connection,
  tables: readonly Row<'TABLES'>[],
  flavor: Flavor,
): Promise<ReadonlySet<string>> => {
  const found = new Set<string>();
  if (supports(flavor, 'movableDirectories')) return found;
  for (const table of tables) {
    const options = textOf(table.CREATE_OPTIONS);
    if (/\b(?:DATA|INDEX) DIRECTORY=/i.test(options)) found.add(keyOfTable(table));
    else if (/\bpartitioned\b/i.test(options) && (await hasPartitionElsewhere(connection, table, flavor)))
      found.add(keyOfTable(table));
  }
  return found;
};

const hasPartitionElsewhere = async (
  connection: mysql.Connection,
  { TABLE_SCHEMA, TABLE_NAME }: Row<'TABLES'>,
  flavor: Flavor,
): Promise<boolean> => {
  try {
    const [database, name] = [toDatabaseName(textOf(TABLE_SCHEMA)), textOf(TABLE_NAME)];
    const [row] = await readRows(connection, `SHOW CREATE TABLE ${quoteTable(database, name)}`);
    return readPrintedTable(row?.[1] ?? '', name, flavor).external.some((what) => what.includes('DIRECTORY'));
  } catch (error) {
    // Of a table that cannot be opened, or is printed oddly, other rules tell.
    if (error instanceof PrintedSqlRefusal || serverErrorNumber(error) !== undefined) return false;
    throw error;
  }
};

/** This view has a row for every table, so it is read for databases that have a partitioned one. */
const readPartitions = async (
  catalog: Catalog,
  tables: readonly Row<'TABLES'>[],
): Promise<readonly Row<'PARTITIONS'>[]> => {
  const partitioned = tables.filter(isPartitioned);
  const databases = [...new Set(partitioned.map(({ TABLE_SCHEMA }) => textOf(TABLE_SCHEMA)))];
  return catalog.read('PARTITIONS', databases, { and: 'PARTITION_NAME IS NOT NULL' });
};

/** What a sequence is, without where it stands. information_schema does not say it; the sequence's own row does. */
const readSequences = async (
  connection: mysql.Connection,
  tables: readonly Row<'TABLES'>[],
): Promise<ReadonlyMap<string, readonly Cell[]>> => {
  const found = new Map<string, readonly Cell[]>();
  for (const sequence of tables.filter(({ TABLE_TYPE }) => TABLE_TYPE === 'SEQUENCE')) {
    const [rows] = await connection.query<mysql.RowDataPacket[][]>({
      sql: `SELECT minimum_value, maximum_value, start_value, increment, cache_size, cycle_option
            FROM ${quoteName(textOf(sequence.TABLE_SCHEMA))}.${quoteName(textOf(sequence.TABLE_NAME))}`,
      rowsAsArray: true,
    });
    found.set(keyOfTable(sequence), (rows[0] ?? []) as unknown as readonly Cell[]);
  }
  return found;
};
