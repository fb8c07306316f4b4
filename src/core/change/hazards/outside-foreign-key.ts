import type { Hazard } from '../change-set.js';
import { isTableLeftOut } from '../../plan/left-out.js';
import { type HazardRule, type Situation, listNames } from './hazard-rule.js';

/** A foreign key of a table that is not part of the swap, and the table that it refers to. */
interface OutsideKey {
  readonly words: string;
  readonly referencedTable: string;
}

/**
 * InnoDB lets a foreign key follow its parent through a rename, so a key from a table that is not swapped points at the
 * retired table afterwards. It is made again right after the rename, unless the new content has no such table.
 */
export const outsideForeignKey: HazardRule = (situation) => {
  const keys = listOutsideKeys(situation);
  const stays = new Set(
    situation.tables.filter(({ action }) => action !== 'drop').map(({ name }) => name as string),
  );
  const orphaned = keys.filter(({ referencedTable }) => !stays.has(referencedTable));
  const moved = keys.filter(({ referencedTable }) => stays.has(referencedTable));
  return [...describeOrphaned(orphaned), ...describeMoved(moved)];
};

const listOutsideKeys = ({ target, tables, together }: Situation): readonly OutsideKey[] => {
  if (!target) return [];
  const kept = new Set(tables.filter(({ action }) => action === 'keep').map(({ name }) => name));
  const leaving = new Set(
    tables.filter(({ action }) => action === 'replace' || action === 'drop').map(({ name }) => name),
  );
  const foreign = target.outsideForeignKeys
    .filter(({ referencedTable }) => leaving.has(referencedTable))
    .filter(({ database, table }) => !isMoving(together.get(database), table))
    .map((key) => ({
      words: `${key.database}.${key.table} (${key.name})`,
      referencedTable: key.referencedTable,
    }));
  const excluded = target.tables
    .filter(({ name }) => kept.has(name))
    .flatMap((table) =>
      table.foreignKeys
        .filter((key) => key.referencedDatabase === target.name && leaving.has(key.referencedTable))
        .map((key) => ({ words: `${table.name} (${key.name})`, referencedTable: key.referencedTable })),
    );
  return [...foreign, ...excluded];
};

/** By the same rename. */
const isMoving = (sibling: Pick<Situation, 'rules'> | undefined, table: string): boolean =>
  sibling !== undefined && !isTableLeftOut(sibling.rules.tables, table);

const describeOrphaned = (keys: readonly OutsideKey[]): readonly Hazard[] =>
  keys.length === 0
    ? []
    : [
        {
          code: 'INCOMING_FOREIGN_KEY',
          severity: 'blocks',
          message: `tables outside the copy refer by foreign keys to tables that the copy does not have: ${listNames(keys.map(({ words, referencedTable }) => `${words} to ${referencedTable}`))}`,
          hint: 'Drop those foreign keys on the target, or keep the tables with tables.exclude.',
        },
      ];

const describeMoved = (keys: readonly OutsideKey[]): readonly Hazard[] =>
  keys.length === 0
    ? []
    : [
        {
          code: 'INCOMING_FOREIGN_KEY',
          severity: 'note',
          message: `foreign keys of tables outside the copy are made again after the swap: ${listNames(keys.map(({ words }) => words))}`,
          hint: 'Rows that they refer to and that are not in the copy are not checked.',
        },
      ];
