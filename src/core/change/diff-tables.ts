import type { TableInventory } from '../server/inventory.js';
import { isTableLeftOut } from '../plan/left-out.js';
import { isAnyMatch } from '../plan/pattern.js';
import type { SelectionRules } from '../plan/resolved-plan.js';
import type { TableChange } from './change-set.js';

/** What becomes of each table of a database: those of the source first, then those that only the target has or keeps. */
export const diffTables = (
  { tables: rules }: SelectionRules,
  source: readonly TableInventory[],
  target: readonly TableInventory[],
): readonly TableChange[] => {
  const live = new Map(target.map((table) => [table.name, table]));
  const incoming = new Set(source.map(({ name }) => name));
  const isExcluded = ({ name }: TableInventory): boolean => isTableLeftOut(rules, name);
  const copied = source
    .filter((table) => !isExcluded(table))
    .map((table): TableChange => {
      const now = live.get(table.name);
      const where = Object.hasOwn(rules.where, table.name) ? (rules.where[table.name] ?? null) : null;
      const isEmpty = isAnyMatch(rules.structure_only, table.name);
      return {
        name: table.name,
        action: now ? 'replace' : 'create',
        content: isEmpty ? 'none' : where === null ? 'all' : 'filtered',
        where: isEmpty ? null : where,
        mayBeExternal: isAnyMatch(rules.external, table.name),
        isRestructured: now !== undefined && now.fingerprint !== table.fingerprint,
        rows: isEmpty ? 0 : table.rowsEstimate,
        bytes: isEmpty ? 0 : table.dataBytes + table.indexBytes,
      };
    });
  const left = target
    .filter((table) => isExcluded(table) || !incoming.has(table.name))
    .map((table): TableChange => ({
      name: table.name,
      action: isExcluded(table) ? 'keep' : 'drop',
      content: 'none',
      where: null,
      mayBeExternal: false,
      isRestructured: false,
      rows: table.rowsEstimate,
      bytes: table.dataBytes + table.indexBytes,
    }));
  return [...copied, ...left];
};
