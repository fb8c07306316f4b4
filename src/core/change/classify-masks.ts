import type { Following, MaskDecision } from '../mask/mask-rule.js';
import type { ResolvedMask } from '../mask/resolved-mask.js';
import { whyUnfit } from '../mask/why-unfit.js';
import { rulesForType } from '../mask/rules-for-type.js';
import {
  isColumnMatch,
  isTableMatch,
  parseColumnPattern,
  parseTablePattern,
} from '../plan/column-pattern.js';
import { type ColumnNames, followedColumn } from '../plan/column-rule.js';
import type { TableInventory } from '../server/inventory.js';
import {
  type ClassifiedColumn,
  type DecidedBy,
  type FilledTable,
  keyOf,
  keyOfColumn,
  namesOf,
} from './classified-column.js';
import { type Namesake, findNamesakes } from './find-namesakes.js';
import {
  type KeyPair,
  type MaskConflict,
  findConflicts,
  followKeys,
  isOfRow,
  pairKeys,
} from './follow-keys.js';

export interface MaskClassification {
  /** In the order of the tables. */
  readonly columns: readonly ClassifiedColumn[];
  readonly conflicts: readonly MaskConflict[];
  readonly namesakes: readonly Namesake[];
}

/**
 * Decides each column of the copies: by the first pattern of the plan that matches it, by what the column is that it
 * refers to, by the lock, and, where the plan masks what is unclassified, by its type. Generated columns are computed on
 * the target again.
 */
export const classifyColumns = (mask: ResolvedMask, tables: readonly FilledTable[]): MaskClassification => {
  const patterns = mask.columns.flatMap(({ pattern, decision }) => {
    const parsed = parseColumnPattern(pattern);
    return parsed ? [{ parsed, decision }] : [];
  });
  const columns = new Map(listColumns(tables).map((column) => [keyOf(column), column]));
  const decide = (key: string, decision: MaskDecision | undefined, by: DecidedBy): boolean => {
    const column = columns.get(key);
    if (!column || column.decided || !decision) return false;
    columns.set(key, { ...column, decided: { decision, by } });
    return true;
  };
  const ruleOf = (names: ColumnNames): MaskDecision | Following | undefined =>
    patterns.find(({ parsed, decision }) => isColumnMatch(parsed, names) && !isOwn(decision, names))
      ?.decision;
  const followers = new Map<string, string>();
  for (const [key, column] of columns) {
    const rule = ruleOf(namesOf(column));
    if (rule?.kind !== 'follows') {
      decide(key, rule, 'rule');
      continue;
    }
    const followed = followedColumn(rule, column.database);
    const parent = keyOfColumn(followed.database, followed.table, followed.column);
    followers.set(key, parent);
    if (columns.has(parent)) continue;
    // Its rows are not copied, and the plan's rule is all that there is of it.
    const ofParent = ruleOf(followed);
    if (ofParent && ofParent.kind !== 'follows' && !isOfRow(ofParent)) decide(key, ofParent, 'rule');
  }
  const pairs = [
    ...[...followers].map(([child, parent]): KeyPair => ({ child, parent, by: 'plan' })),
    ...pairKeys(tables),
  ];
  const deciding = pairs.filter(({ child, by }) => by === 'plan' || !followers.has(child));
  followKeys(deciding, columns, decide);
  for (const key of columns.keys()) {
    const locked = mask.lock?.columns.get(key);
    if (locked?.decision.kind === 'keep' && !followers.has(key)) decide(key, locked.decision, 'lock');
  }
  followKeys(deciding, columns, decide);
  if (mask.unclassified === 'mask') decideByType(columns, deciding, decide);
  return {
    columns: [...columns.values()],
    conflicts: findConflicts(pairs, columns, (database, table) => unlessOf(mask, database, table) !== null),
    namesakes: findNamesakes([...columns.values()], mask.lock),
  };
};

/** A glob may match the column that it names to be followed, which the next rule is for. */
const isOwn = (rule: MaskDecision | Following, names: ColumnNames): boolean => {
  if (rule.kind !== 'follows') return false;
  const { database, table, column } = followedColumn(rule, names.database);
  return keyOfColumn(database, table, column) === keyOfColumn(names.database, names.table, names.column);
};

type Decide = (key: string, decision: MaskDecision | undefined, by: DecidedBy) => boolean;

/** What refers to another column comes after that one, and follows it. */
const decideByType = (
  columns: ReadonlyMap<string, ClassifiedColumn>,
  pairs: readonly KeyPair[],
  decide: Decide,
): void => {
  const decideAll = (may: (key: string) => boolean): boolean =>
    [...columns]
      .filter(([key]) => may(key))
      .map(([key, column]) => {
        const rules = rulesForType(
          column.column,
          column.isUnique || pairs.some(({ child }) => child === key),
        );
        return decide(
          key,
          rules.find((rule) => whyUnfit(rule, column.column, column) === undefined),
          'type',
        );
      })
      .includes(true);
  const waits = (key: string): boolean =>
    pairs.some(({ child, parent }) => child === key && parent !== key && !columns.get(parent)?.decided);
  while (decideAll((key) => !waits(key))) followKeys(pairs, columns, decide);
  decideAll(() => true);
};

const listColumns = (tables: readonly FilledTable[]): readonly ClassifiedColumn[] =>
  tables.flatMap(({ database, table }) =>
    table.columns
      .filter(({ isGenerated }) => !isGenerated)
      .map((column) => ({
        database,
        table: table.name,
        column,
        isUnique: isInUniqueKey(table, column.name),
        ...(table.checkedColumns?.includes(column.name) && { isChecked: true as const }),
      })),
  );

const isInUniqueKey = ({ uniqueKeys = [] }: TableInventory, column: string): boolean =>
  uniqueKeys.some(({ columns }) => columns.includes(column));

/** The condition of rows that stay as they are; the first pattern that matches the table counts. */
export const unlessOf = (mask: ResolvedMask, database: string, table: string): string | null =>
  mask.unless.find((one) => {
    const pattern = parseTablePattern(one.table);
    return pattern && isTableMatch(pattern, { database, table });
  })?.where ?? null;
