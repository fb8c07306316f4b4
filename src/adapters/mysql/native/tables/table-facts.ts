import { SyncError } from '../../../../core/errors.js';
import type { TableName } from '../../../../core/names.js';
import type { CopyJob } from '../../../../engine/ports/row-engine.js';
import { quoteText } from '../../connection/identifiers.js';
import type { LaneConnection } from '../lanes/lane-connection.js';

/** Rows as text. Names are compared by a collation there, so look-alikes of the database are among them. */
const readTexts = async (
  connection: LaneConnection,
  sql: string,
): Promise<readonly (readonly string[])[]> => {
  const rows = await connection.queryRows(sql);
  return rows.map((row) => row.map((cell) => cell?.toString() ?? ''));
};

/**
 * A table that was changed after it was inspected has other columns than those that are copied. One that is changed
 * from here on cannot be read in the snapshot any more (error 1412).
 * @throws SyncError COPY_FAILED
 */
export const refuseMovedTables = async (source: LaneConnection, { from, tables }: CopyJob): Promise<void> => {
  const rows = await readTexts(
    source,
    `SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = ${quoteText(from)} ORDER BY TABLE_NAME, ORDINAL_POSITION`,
  );
  const columns = new Map<string, string[]>();
  for (const [schema, table = '', column = ''] of rows)
    if (schema === from) columns.set(table, [...(columns.get(table) ?? []), column]);
  const moved = tables.find(({ table }) => {
    const names = columns.get(table.name);
    // What is not listed is gone or not to be seen, and reading it says which.
    return names && JSON.stringify(names) !== JSON.stringify(table.columns.map(({ name }) => name));
  });
  if (!moved) return;
  throw new SyncError('COPY_FAILED', {
    message: `table ${from}.${moved.table.name} has different columns on the source than when the run began`,
    hints: ['It was changed in the meantime. Run the same command again.'],
  });
};

/** The columns that say when a row was valid: hidden ones have these names, others are declared. */
const HIDDEN_PERIOD = ['row_start', 'row_end'] as const;

/** @throws SyncError COPY_FAILED for a history that counts transactions, whose numbers mean nothing elsewhere. */
export const readPeriods = async (
  source: LaneConnection,
  { from, tables }: CopyJob,
): Promise<ReadonlyMap<TableName, readonly string[]>> => {
  const versioned = tables
    .filter(({ table }) => table.kind === 'system-versioned')
    .map(({ table }) => table.name);
  if (versioned.length === 0) return new Map();
  const declared = await readTexts(
    source,
    `SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, DATA_TYPE FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = ${quoteText(from)} AND GENERATION_EXPRESSION IN ('ROW START', 'ROW END')
     ORDER BY TABLE_NAME, ORDINAL_POSITION`,
  );
  return new Map(
    versioned.map((name) => {
      const own = declared.filter(([schema, table]) => schema === from && table === name);
      if (own.some(([, , , type]) => type !== 'timestamp'))
        throw new SyncError('COPY_FAILED', {
          message: `the history of table ${from}.${name} counts transactions, and that cannot be copied`,
        });
      return [name, own.length > 0 ? own.map(([, , column = '']) => column) : HIDDEN_PERIOD];
    }),
  );
};

/** By table, the columns of the staged tables that foreign keys refer to. */
export const readReferencedColumns = async (
  target: LaneConnection,
  { into, tables }: CopyJob,
): Promise<ReadonlyMap<TableName, ReadonlySet<string>>> => {
  if (tables.every(({ table }) => table.foreignKeys.length === 0)) return new Map();
  const rows = await readTexts(
    target,
    `SELECT REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME
     FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_SCHEMA = ${quoteText(into)}`,
  );
  const columnsOf = (name: TableName): ReadonlySet<string> =>
    new Set(
      rows.filter(([schema, table]) => schema === into && table === name).map(([, , column = '']) => column),
    );
  return new Map(tables.map(({ table }) => [table.name, columnsOf(table.name)]));
};
