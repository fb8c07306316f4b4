import type { DatabaseChange, HookChange } from './change-set.js';
import { fingerprintOf } from '../fingerprint.js';
import type { DatabaseName, TableName } from '../names.js';
import { isMatch } from '../plan/pattern.js';
import type { PlannedHook } from '../plan/resolved-plan.js';
import type { DatabaseInventory, TableInventory } from '../server/inventory.js';
import { listHookTables } from '../sql/hook-tables.js';

/** Is the hook for this database of the source? */
export const isHookOf = ({ in: glob }: PlannedHook, from: DatabaseName): boolean =>
  glob === undefined || isMatch(glob, from);

/** How names of tables are compared on the server where the hooks run. */
export interface TableNaming {
  readonly lowerCaseTableNames: number;
}

/** The table of the copy that a hook means by this name. */
export const findHookTable = <Table extends { readonly name: TableName }>(
  name: string,
  tables: readonly Table[],
  { lowerCaseTableNames }: TableNaming,
): Table | undefined =>
  tables.find((table) => table.name === name) ??
  (lowerCaseTableNames === 0
    ? undefined
    : tables.find((table) => table.name.toLowerCase() === name.toLowerCase()));

/** The hooks that run in the copy of a database, which has these tables. */
export const describeHooks = (
  hooks: readonly PlannedHook[],
  { name }: Pick<DatabaseInventory, 'name'>,
  tables: readonly TableInventory[],
  naming: TableNaming,
): readonly HookChange[] =>
  hooks
    .filter((hook) => isHookOf(hook, name))
    .map(({ kind, sql }) => ({
      kind,
      sql,
      writes: kind === 'staged' ? listWrites(sql, name, tables, naming) : [],
    }));

/** Rows that refer to changed ones may change with them, and rows that refer to those. */
const listWrites = (
  sql: string,
  database: DatabaseName,
  tables: readonly TableInventory[],
  naming: TableNaming,
): readonly TableName[] => {
  const written = new Set(
    listHookTables(sql).written.flatMap((name) => findHookTable(name, tables, naming)?.name ?? []),
  );
  for (const parent of written)
    for (const { name, foreignKeys } of tables)
      if (
        foreignKeys.some(
          ({ referencedDatabase, referencedTable, cascades }) =>
            cascades === true && referencedDatabase === database && referencedTable === parent,
        )
      )
        written.add(name);
  return [...written];
};

/** The tables whose rows are not the source's, because hooks may have changed them. */
export const changedByHooks = ({ hooks = [] }: Pick<DatabaseChange, 'hooks'>): ReadonlySet<TableName> =>
  new Set(hooks.flatMap(({ writes }) => writes));

/** Tells apart the hooks that made a copy what it is; assertions change nothing. Undefined where there are none. */
export const fingerprintOfHooks = ({ hooks = [] }: Pick<DatabaseChange, 'hooks'>): string | undefined => {
  const staged = hooks.filter(({ kind }) => kind === 'staged').map(({ sql }) => sql);
  return staged.length === 0 ? undefined : fingerprintOf(staged);
};
