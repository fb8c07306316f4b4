import type { PreserveChange } from '../../core/change/change-set.js';
import { mapColumns } from '../../core/change/map-columns.js';
import { SyncError } from '../../core/errors.js';
import { formatPlural } from '../../core/plural.js';
import { makePrintable } from '../../core/printable.js';
import type { TableName } from '../../core/names.js';
import type { PreserveResult } from '../../core/run/outcome.js';
import type { TableInventory } from '../../core/server/inventory.js';
import type { DanglingKey, PreserveSession, PreservedRows } from '../ports/target-sessions.js';
import { readTables } from '../read-tables.js';
import type { DatabaseRun } from '../run-context.js';

/** Of a table that the target has. */
type KeptRows = PreserveChange & { readonly live: TableName };

const UNCHANGED = 'The copy was dropped before the swap; the target is unchanged.';

/**
 * Brings rows of live tables into the verified copy: all are read first, one table right after the other, then put in;
 * then the foreign keys of all of them are looked at. Rejects with PRESERVE_FAILED; what is live has not changed then.
 */
export const preserveRows = async (
  context: DatabaseRun,
  kept: readonly KeptRows[],
): Promise<readonly PreserveResult[]> => {
  if (kept.length === 0) return [];
  const { change, journal, target, signals, ports } = context;
  const tables = await mapTables(context, kept);
  const session = await target.openPreserve({ live: change.to, staging: journal.staging }, signals.abort);
  try {
    const results = await bringRows(context, session, tables);
    for (const result of results) ports.events({ type: 'preserve', database: change.to, ...result });
    return results;
  } catch (error) {
    throw explain(error, change.to);
  } finally {
    await session.close();
  }
};

const bringRows = async (
  { change, signals }: DatabaseRun,
  session: PreserveSession,
  tables: readonly PreservedRows[],
): Promise<readonly PreserveResult[]> => {
  const taken: { readonly table: PreservedRows; readonly rows: number }[] = [];
  for (const table of tables) {
    signals.abort.throwIfAborted();
    taken.push({ table, rows: await session.take(table) });
  }
  const results: PreserveResult[] = [];
  for (const { table, rows } of taken) {
    signals.abort.throwIfAborted();
    results.push({ table: table.to, rows, replaced: await session.put(table) });
  }
  const dangling = await session.findDangling();
  if (dangling.length > 0)
    throw new SyncError('PRESERVE_FAILED', {
      message: `${change.to}: foreign keys point nowhere with the rows that stay: ${dangling.map(describeKey).join('; ')}`,
      hints: [
        ...dangling.map(({ table, columns, values }) => `${table}: ${describeValues(columns, values)}`),
        'Keep the rows that they refer to as well (tables.preserve), or narrow the condition.',
        UNCHANGED,
      ].map(makePrintable),
    });
  await session.clear();
  return results;
};

/** Both sides are the target's own now, so that types compare exactly, whatever the source is. */
const mapTables = async (
  { change, journal, target }: DatabaseRun,
  kept: readonly KeptRows[],
): Promise<readonly PreservedRows[]> => {
  const [live, staged] = await Promise.all([
    readTables(target, change.to),
    readTables(target, journal.staging),
  ]);
  return kept.map(({ table, live: liveName, where }) => {
    const from = live.find(({ name }) => name === liveName);
    const to = staged.find(({ name }) => name === table);
    if (!from || !to) throw new SyncError('PRESERVE_FAILED', explainMissing(change.to, liveName));
    const { pairs, missing, changed } = mapColumns(from, to);
    const unfit = [...missing, ...changed];
    if (unfit.length > 0)
      throw new SyncError('PRESERVE_FAILED', {
        message: `${change.to}: rows of ${liveName} cannot stay as they are in the new structure: ${unfit.join(', ')}`,
        hints: [UNCHANGED],
      });
    return {
      from: liveName,
      to: table,
      columns: pairs,
      primaryKey: keyOf(to),
      allColumns: to.columns.filter(({ isGenerated }) => !isGenerated).map(({ name }) => name),
      where,
    };
  });
};

const explainMissing = (database: string, table: TableName) => ({
  message: `${database}: table ${table}, of which rows are to stay, is not there any more`,
  hints: ['It was changed in the meantime. Run the same command again.', UNCHANGED],
});

const keyOf = ({ columns }: TableInventory): readonly string[] =>
  columns.filter(({ primaryKeyPosition }) => primaryKeyPosition !== undefined).map(({ name }) => name);

/** `orders.fk_user: 2 preserved rows refer to rows that users does not have` */
const describeKey = ({ table, name, parent, of, rows }: DanglingKey): string =>
  of === 'preserved'
    ? `${table} (${name}): ${formatPlural(rows, 'preserved row refers', 'preserved rows refer')} to rows that ${parent} does not have`
    : `${table} (${name}): ${formatPlural(rows, 'copied row refers', 'copied rows refer')} to rows of ${parent} in whose place preserved ones came`;

const MOST_CHARACTERS = 60;

const describeValues = (columns: readonly string[], values: DanglingKey['values']): string => {
  const shown = values.map((row) =>
    row.map((value) => (value ?? 'NULL').slice(0, MOST_CHARACTERS)).join(', '),
  );
  return `the first values of ${columns.join(', ')}: ${shown.join('; ')}`;
};

/** What another try may mend stays as it is. */
const explain = (error: unknown, database: string): unknown => {
  if (!(error instanceof SyncError) || error.isTransient || error.code.startsWith('CONN_')) return error;
  if (error.code === 'PRESERVE_FAILED') return error;
  return new SyncError('PRESERVE_FAILED', {
    message: `${database}: rows that are to stay cannot be brought into the copy: ${error.message}`,
    hints: [...error.hints, UNCHANGED],
    cause: error,
  });
};
