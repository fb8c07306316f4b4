import type { TableChange } from '../core/change/change-set.js';
import { mayBePatched } from '../core/change/refresh.js';
import { mayBeLoading } from '../core/loading-name.js';
import type { DatabaseName, TableName } from '../core/names.js';
import type { ResolvedPlan } from '../core/plan/resolved-plan.js';
import type { DatabaseInventory, TableInventory } from '../core/server/inventory.js';
import type { RowsJob } from './compare-rows.js';
import { readFresh } from './unfinished.js';
import { readTables } from './read-tables.js';
import { isAtRehearsal } from './tasks/adopt-tables.js';

export interface UnfinishedJob extends RowsJob {
  readonly plan: ResolvedPlan;
  /** Where the journals of copies of the database stand that runs before were killed in. */
  readonly unfinished: readonly DatabaseName[];
  readonly now: Date;
}

/** Of an unfinished copy, the tables that an apply would start from. */
export interface BegunTables {
  readonly staging: DatabaseName;
  /** They are as they will be live. */
  readonly whole: readonly TableName[];
  /** They stand as large tables do while they are loaded. */
  readonly loading: readonly TableName[];
}

/** The newest copy first; each table is told once, as far as copies have it in one form. Reads no more of rows than whether there are any. */
export const findBegun = async (
  { plan, change, servers: { source, target }, unfinished, now }: UnfinishedJob,
  here: DatabaseInventory,
  tables: readonly TableChange[],
): Promise<readonly BegunTables[]> => {
  const journals = await readFresh({ plan, change, source, target, unfinished }, now);
  const wanted = tables.flatMap(({ name, content, masks }) => {
    const table = here.tables.find((one) => one.name === name);
    return table && content !== 'none' && mayBePatched(table, { from: change.from, masks }) ? [table] : [];
  });
  const found: BegunTables[] = [];
  for (const { staging } of journals) {
    if (await isAtRehearsal(target, staging)) continue;
    const there = await readTables(target, staging);
    const filled = await target.findFilled(staging, there);
    const isTold = (form: 'whole' | 'loading', name: TableName): boolean =>
      found.some((one) => one[form].includes(name));
    const choose = (form: 'whole' | 'loading', fits: typeof isWhole): readonly TableName[] =>
      wanted
        .filter(
          (table) =>
            !isTold(form, table.name) && there.some((one) => filled.has(one.name) && fits(table, one)),
        )
        .map(({ name }) => name);
    found.push({ staging, whole: choose('whole', isWhole), loading: choose('loading', isLoading) });
  }
  return found;
};

const isWhole = (table: TableInventory, staged: TableInventory): boolean =>
  staged.name === table.name && staged.fingerprint === table.fingerprint;

/** Without some of its indexes and keys. */
const isLoading = (table: TableInventory, staged: TableInventory): boolean =>
  (staged.name === table.name || mayBeLoading(staged.name, table.name)) &&
  staged.fingerprint !== table.fingerprint &&
  describeColumns(staged) === describeColumns(table);

const describeColumns = ({ columns }: TableInventory): string =>
  JSON.stringify(
    columns.map(({ name, columnType, collation, isGenerated }) => [name, columnType, collation, isGenerated]),
  );
