import type mysql from 'mysql2/promise';
import type { HiddenColumn } from '../../../core/conversion/expression-keys.js';
import { type Flavor, parseFlavor } from '../../../core/flavor.js';
import { supports } from '../../../core/server/features.js';
import type { DatabaseName, TableName } from '../../../core/names.js';
import { type CreateTable, cutCreateTable } from '../../../core/sql/create-table.js';
import { hasKeyOverExpression } from '../../../core/sql/table-statement.js';
import { readTokens } from '../../../core/sql/token-cursor.js';
import { spellCollations } from '../../../core/sql/table-text.js';
import type { TableDefinition } from '../../../engine/ports/server.js';
import { explainFailure } from '../connection/failures.js';
import { quoteTable, quoteText } from '../connection/identifiers.js';
import { repairForeignKeys } from './repair-foreign-keys.js';
import { readRows } from '../connection/rows.js';
import { together } from '../connection/together.js';
import { type WholeTable, readWholeTable } from './whole-texts.js';

/**
 * How the tables and sequences of a database were made, in the order of `tables`.
 * @throws SyncError SERVER_ERROR or PRIVILEGE_MISSING naming the table
 */
export const readTableDefinitions = async (
  connection: mysql.Connection,
  database: DatabaseName,
  tables: readonly TableName[],
): Promise<readonly TableDefinition[]> => {
  const [sequences, printing] = await together([
    listSequences(connection, database),
    readPrinting(connection),
  ]);
  const read = async (table: TableName): Promise<TableDefinition> => {
    try {
      return sequences.has(table)
        ? await readSequence(connection, database, table)
        : await readTable(connection, database, table, printing);
    } catch (error) {
      throw explainFailure(error, {
        code: 'SERVER_ERROR',
        what: `cannot read the definition of table ${database}.${table}`,
      });
    }
  };
  return together(tables.map(read));
};

const readTable = async (
  connection: mysql.Connection,
  database: DatabaseName,
  name: TableName,
  { flavor, spell }: Printing,
): Promise<TableDefinition> => {
  const { statement: sql } = await printTable(connection, flavor, database, name);
  const tokens = readTokens(sql);
  const hasHidden = supports(flavor, 'expressionKeys') && hasKeyOverExpression(cutCreateTable(sql, tokens));
  return {
    name,
    statement: spell({ sql, tokens }),
    ...(hasHidden && { hiddenColumns: await readHiddenColumns(connection, database, name) }),
  };
};

/** What SHOW CREATE TABLE prints, where it can be read and nothing is missing. */
export const printTable = async (
  connection: mysql.Connection,
  flavor: Flavor,
  database: DatabaseName,
  name: TableName,
): Promise<WholeTable> => {
  const [row] = await readRows(connection, `SHOW CREATE TABLE ${quoteTable(database, name)}`);
  const statement = await repairForeignKeys(connection, database, name, row?.[1] ?? '');
  return readWholeTable(connection, flavor, database, name, statement);
};

/** MySQL tells the types of the expressions in keys there alone. */
const readHiddenColumns = async (
  connection: mysql.Connection,
  database: DatabaseName,
  name: TableName,
): Promise<readonly HiddenColumn[]> => {
  const rows = await readRows(connection, `SHOW EXTENDED FULL COLUMNS FROM ${quoteTable(database, name)}`);
  return rows
    .filter(([field]) => field?.startsWith('!hidden!') === true)
    .map(([field, type, collation]) => ({
      name: field ?? '',
      type: type ?? '',
      collation: collation ?? undefined,
    }));
};

interface Printing {
  readonly flavor: Flavor;
  /** The statement as it means the same on every server. */
  readonly spell: (table: Pick<CreateTable, 'sql' | 'tokens'>) => string;
}

const readPrinting = async (connection: mysql.Connection): Promise<Printing> => {
  const [collations, [row = []]] = await together([
    readDefaultCollations(connection),
    readRows(connection, 'SELECT @@version, @@version_comment'),
  ]);
  const flavor = parseFlavor(row[0] ?? '', row[1] ?? '');
  const spell: Printing['spell'] = (table) =>
    spellCollations(table, collations, supports(flavor, 'inheritedCollations') ? 'omit' : 'keep');
  return { flavor, spell };
};

/** The columns of every sequence, in the order of a definition's `sequenceState`. */
export const SEQUENCE_COLUMNS = [
  'next_not_cached_value',
  'minimum_value',
  'maximum_value',
  'start_value',
  'increment',
  'cache_size',
  'cycle_option',
  'cycle_count',
] as const;

const readSequence = async (
  connection: mysql.Connection,
  database: DatabaseName,
  name: TableName,
): Promise<TableDefinition> => {
  const sequence = quoteTable(database, name);
  const [created] = await readRows(connection, `SHOW CREATE SEQUENCE ${sequence}`);
  const [state = []] = await readRows(connection, `SELECT ${SEQUENCE_COLUMNS.join(', ')} FROM ${sequence}`);
  return { name, statement: created?.[1] ?? '', sequenceState: state.map((cell) => cell ?? '0') };
};

const listSequences = async (
  connection: mysql.Connection,
  database: DatabaseName,
): Promise<ReadonlySet<string | null>> => {
  const rows = await readRows(
    connection,
    `SELECT TABLE_NAME, TABLE_SCHEMA FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = ${quoteText(database)} AND TABLE_TYPE = 'SEQUENCE'`,
  );
  return new Set(rows.flatMap(([name, schema]) => (schema === database ? [name ?? null] : [])));
};

const readDefaultCollations = async (connection: mysql.Connection): Promise<ReadonlyMap<string, string>> => {
  const rows = await readRows(
    connection,
    'SELECT CHARACTER_SET_NAME, DEFAULT_COLLATE_NAME FROM information_schema.CHARACTER_SETS',
  );
  return new Map(rows.map(([charset, collation]) => [charset ?? '', collation ?? '']));
};
