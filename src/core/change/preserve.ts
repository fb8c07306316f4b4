import type { DatabaseChange, PreserveChange } from './change-set.js';
import { fingerprintOf } from '../fingerprint.js';
import { type TableNaming, changedByHooks, findHookTable } from './hooks.js';
import type { TableName } from '../names.js';
import type { SelectionRules } from '../plan/resolved-plan.js';
import type { TableInventory } from '../server/inventory.js';
import { ALL_ROWS } from '../sql/preserve-condition.js';

/** A table of which the plan keeps rows, on both sides. */
export interface PreservedTable {
  /** As the plan has it. */
  readonly written: string;
  /** Null for all rows. */
  readonly where: string | null;
  /** Undefined where it is not copied. */
  readonly copied: TableInventory | undefined;
  /** Undefined where the target has no such table. */
  readonly live: TableInventory | undefined;
}

/** What the plan keeps of a database, with the tables that are copied and those that the target has. */
export const listPreserved = (
  { tables: { preserve } }: Pick<SelectionRules, 'tables'>,
  copied: readonly TableInventory[],
  live: readonly TableInventory[],
  naming: TableNaming,
): readonly PreservedTable[] =>
  Object.entries(preserve).map(([written, condition]) => ({
    written,
    where: condition === ALL_ROWS ? null : condition,
    copied: findHookTable(written, copied, naming),
    live: findHookTable(written, live, naming),
  }));

/** Tables that are not copied block the database, so that nothing is told of them here. */
export const describePreserve = (tables: readonly PreservedTable[]): readonly PreserveChange[] =>
  tables.flatMap(({ where, copied, live }) =>
    copied
      ? [
          {
            table: copied.name,
            where,
            live: live?.name ?? null,
            rows: live && where === null ? live.rowsEstimate : null,
            bytes: live && where === null ? live.dataBytes + live.indexBytes : null,
          },
        ]
      : [],
  );

type Altering = Pick<DatabaseChange, 'hooks' | 'preserve'>;

/** Tables whose rows are not the source's on purpose, and by what; what both alter is told of hooks. */
export const listAltered = (change: Altering): ReadonlyMap<TableName, 'hooks' | 'preserve'> =>
  new Map([
    ...(change.preserve ?? []).map(({ table }) => [table, 'preserve'] as const),
    ...[...changedByHooks(change)].map((table) => [table, 'hooks'] as const),
  ]);

/** Tells apart the rules by which rows stayed; undefined where there are none. */
export const fingerprintOfPreserve = ({
  preserve = [],
}: Pick<DatabaseChange, 'preserve'>): string | undefined =>
  preserve.length === 0 ? undefined : fingerprintOf(preserve.map(({ table, where }) => [table, where]));
