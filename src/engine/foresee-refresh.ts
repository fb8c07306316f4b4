import type { DatabaseChange, TableChange } from '../core/change/change-set.js';
import type { Difference } from '../core/change/comparison.js';
import type { ComparedRows } from '../core/change/sameness.js';
import type { TableName } from '../core/names.js';
import type { RefreshRule } from '../core/plan/sync-plan.js';
import { type BothSides, decideStaying } from './tasks/decide-staying.js';

/** What a closer look has found of the rows. */
export interface FoundRows {
  readonly compared: readonly ComparedRows[];
  /** Tables that the plan leaves empty, and that have rows on the target. */
  readonly filled: ReadonlySet<TableName>;
}

export const ROWS_DIFFER = 'its rows differ';

/** The tables of a change with what a refresh would do with each now. An apply compares again, and may find otherwise. */
export const foreseeRefresh = (
  change: Pick<DatabaseChange, 'tables'>,
  refresh: RefreshRule,
  sides: BothSides,
  differences: readonly Difference[],
  { compared, filled }: FoundRows,
): readonly TableChange[] => {
  const { tables } = change;
  const others = new Set(compared.filter(({ isSame }) => !isSame).map(({ table }) => table));
  const rows = new Map(
    tables
      .filter(({ refresh }) => refresh?.base === 'live')
      .map(({ name }) => [name, others.has(name) || filled.has(name) ? ROWS_DIFFER : null]),
  );
  if (rows.size === 0) return tables;
  const verdicts = decideStaying(change, sides, differences, rows, refresh);
  return tables.map((table) => {
    const reason = verdicts.get(table.name);
    if (reason === undefined) return table;
    return {
      ...table,
      refresh: reason === null ? { base: 'live', would: 'keep' } : { base: 'live', would: 'copy', reason },
    };
  });
};
