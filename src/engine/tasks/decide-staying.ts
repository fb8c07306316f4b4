import type { DatabaseChange } from '../../core/change/change-set.js';
import type { Difference } from '../../core/change/comparison.js';
import { listTied, listTiedToSwapped } from '../../core/change/refresh.js';
import type { TableName } from '../../core/names.js';
import type { RefreshRule } from '../../core/plan/sync-plan.js';
import type { DatabaseInventory } from '../../core/server/inventory.js';

/** Of tables that may stay: null of one that stays, otherwise why it is copied, a clause for people. */
export type Verdicts = ReadonlyMap<TableName, string | null>;

export const listStayingOf = (verdicts: Verdicts): readonly TableName[] =>
  [...verdicts].flatMap(([name, reason]) => (reason === null ? [name] : []));

export interface BothSides {
  readonly here: DatabaseInventory;
  readonly there: DatabaseInventory;
}

/**
 * Of tables whose rows were compared, those that stay: the number of the next row and the triggers are the source's too, and
 * no foreign key ties them to a table that only one side has, or with `strict` to one that is swapped. `differences` are those of the
 * programs.
 */
export const decideStaying = (
  change: Pick<DatabaseChange, 'tables'>,
  { here, there }: BothSides,
  differences: readonly Difference[],
  rows: Verdicts,
  refresh: RefreshRule,
): Verdicts => {
  const counters = findOtherCounters(here, there);
  const triggered = listTriggered(differences, [here, there]);
  const tied = listTied(change.tables, [here, there]);
  const judge = (name: TableName): string | null => {
    if (counters.has(name)) return 'the number of its next row differs';
    if (triggered.has(name)) return 'its triggers differ';
    return tied.has(name) ? 'a foreign key ties it to a table that one server does not have' : null;
  };
  const verdicts = new Map([...rows].map(([name, reason]) => [name, reason ?? judge(name)]));
  if (refresh === 'strict')
    for (const name of listTiedToSwapped(change.tables, [here, there], listStayingOf(verdicts)))
      verdicts.set(name, 'a foreign key ties it to a table that is swapped');
  return verdicts;
};

/** A copy takes over the number that the next row gets. */
const findOtherCounters = (
  here: Pick<DatabaseInventory, 'tables'>,
  there: Pick<DatabaseInventory, 'tables'>,
): ReadonlySet<TableName> => {
  const numbers = new Map(there.tables.map(({ name, nextNumber }) => [name, nextNumber]));
  return new Set(
    here.tables.flatMap(({ name, nextNumber }) => (numbers.get(name) === nextNumber ? [] : [name])),
  );
};

/** Tables whose triggers on the target are not what the copy's would be. */
const listTriggered = (
  differences: readonly Difference[],
  sides: readonly Pick<DatabaseInventory, 'programs'>[],
): ReadonlySet<TableName> => {
  const names = new Set(differences.filter(({ kind }) => kind === 'trigger').map(({ name }) => name));
  return new Set(
    sides.flatMap(({ programs }) =>
      programs.flatMap(({ kind, name, table }) =>
        kind === 'trigger' && table !== undefined && names.has(name) ? [table] : [],
      ),
    ),
  );
};
