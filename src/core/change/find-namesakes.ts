import { suggestRule } from '../mask/suggest-rule.js';
import type { MaskLock } from '../mask/mask-lock.js';
import { type ClassifiedColumn, keyOfColumn } from './classified-column.js';
import { findLocked } from './judge-lock.js';

/** A column that stays as it is, and one of another table that has its name and is masked. */
export interface Namesake {
  readonly kept: ClassifiedColumn;
  readonly twin: ClassifiedColumn;
}

/**
 * Copies that somebody made of a table, in its database or another one, have the same people in them. Many tables have
 * a `name`, so it counts where the name sounds like personal data or the tables are alike. A reason in the lock says
 * that somebody thought of the column.
 */
export const findNamesakes = (
  columns: readonly ClassifiedColumn[],
  lock: MaskLock | undefined,
): readonly Namesake[] => {
  const masked = new Map<string, ClassifiedColumn[]>();
  for (const column of columns.filter(({ decided }) => decided && decided.decision.kind !== 'keep'))
    masked.set(nameOf(column), [...(masked.get(nameOf(column)) ?? []), column]);
  const shapes = groupNames(columns);
  return columns.flatMap((kept) => {
    const twins = masked.get(nameOf(kept)) ?? [];
    if (twins.length === 0 || kept.decided?.decision.kind !== 'keep') return [];
    if (findLocked(lock, kept)?.reason !== undefined) return [];
    const soundsPersonal = suggestRule(kept.column, kept) !== undefined;
    const twin = twins.find(
      (one) =>
        tableOf(one) !== tableOf(kept) &&
        (soundsPersonal || isAlike(shapes.get(tableOf(one)), shapes.get(tableOf(kept)))),
    );
    return twin ? [{ kept, twin }] : [];
  });
};

const nameOf = ({ column }: ClassifiedColumn): string => column.name.toLowerCase();
const tableOf = ({ database, table }: ClassifiedColumn): string => keyOfColumn(database, table, '');

const groupNames = (columns: readonly ClassifiedColumn[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const names = new Map<string, Set<string>>();
  for (const column of columns) {
    const own = names.get(tableOf(column)) ?? new Set<string>();
    names.set(tableOf(column), own.add(nameOf(column)));
  }
  return names;
};

/** Three quarters of the columns of the smaller table are in the other one, and at least two are. */
const isAlike = (one: ReadonlySet<string> = new Set(), other: ReadonlySet<string> = new Set()): boolean => {
  const shared = [...one].filter((name) => other.has(name)).length;
  return shared >= 2 && shared * 4 >= Math.min(one.size, other.size) * 3;
};
