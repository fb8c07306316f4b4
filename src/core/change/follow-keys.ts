import { shapeOf } from '../mask/mask-shape.js';
import { isSameDecision } from '../mask/mask-lock.js';
import type { MaskDecision } from '../mask/mask-rule.js';
import type { DatabaseName } from '../names.js';
import { type ClassifiedColumn, type DecidedBy, type FilledTable, keyOfColumn } from './classified-column.js';

/** A column and the one that it refers to, both of tables whose rows are copied. */
export interface KeyPair {
  readonly child: string;
  readonly parent: string;
  /** What says so: a foreign key, or `follows` of the plan. */
  readonly by: 'key' | 'plan';
}

/** Masks by which rows would no longer refer to the rows that they refer to. */
export interface MaskConflict {
  readonly database: DatabaseName;
  readonly message: string;
  readonly hint: string;
}

type Columns = ReadonlyMap<string, ClassifiedColumn>;

/** Of composite keys, each column. */
export const pairKeys = (tables: readonly FilledTable[]): readonly KeyPair[] => {
  const filled = new Set(tables.map(({ database, table }) => keyOfColumn(database, table.name, '')));
  return tables.flatMap(({ database, table }) =>
    table.foreignKeys
      .filter((key) => filled.has(keyOfColumn(key.referencedDatabase, key.referencedTable, '')))
      .flatMap(({ referencedDatabase, referencedTable, columns = [] }) =>
        columns.map(({ own, referenced }) => ({
          child: keyOfColumn(database, table.name, own),
          parent: keyOfColumn(referencedDatabase, referencedTable, referenced),
          by: 'key' as const,
        })),
      ),
  );
};

/** Gives columns without a decision that of the column that they refer to. */
export const followKeys = (
  pairs: readonly KeyPair[],
  columns: Columns,
  decide: (key: string, decision: MaskDecision | undefined, by: DecidedBy) => boolean,
): void => {
  const followOnce = (): boolean =>
    pairs
      .map(({ child, parent, by }) => {
        const decision = columns.get(parent)?.decided?.decision;
        const isFollowed = decision && (by === 'plan' ? !isOfRow(decision) : isOfValue(decision));
        return isFollowed === true && decide(child, decision, 'key');
      })
      .includes(true);
  while (followOnce());
};

/** Is what becomes of a value the same in every table? */
const isOfValue = ({ kind }: MaskDecision): boolean =>
  !['keep', 'null', 'default', 'value', 'sql', 'json'].includes(kind);

/** Is it made of more than the value? */
export const isOfRow = ({ kind }: MaskDecision): boolean => kind === 'sql' || kind === 'default';

export const findConflicts = (
  pairs: readonly KeyPair[],
  columns: Columns,
  hasUnless: (database: string, table: string) => boolean,
): readonly MaskConflict[] =>
  pairs.flatMap(({ child: childKey, parent: parentKey, by }) => {
    const [child, parent] = [columns.get(childKey), columns.get(parentKey)];
    const [own, referenced] = [child?.decided?.decision, parent?.decided?.decision];
    if (!child || !parent || !referenced) return [];
    const { database } = child;
    const named = `${nameOf(child)} ${by === 'plan' ? 'follows' : 'refers to'} ${nameOf(parent)}`;
    if (by === 'plan' && isOfRow(referenced))
      return [
        {
          database,
          message: `${named}, whose mask (${referenced.kind}) is not made of the value alone`,
          hint: `Give ${nameOf(child)} a mask of its own.`,
        },
      ];
    // NULL refers to nothing. A column without a decision is told elsewhere.
    if (!own || own.kind === 'null') return [];
    if (!isSameDecision(own, referenced))
      return [
        {
          database,
          message: `${named}, and their masks differ (${own.kind}, and ${referenced.kind})`,
          hint: `Give both the same mask; without a rule of its own ${nameOf(child)} follows.`,
        },
      ];
    if (shapeOf(own, child.column) !== shapeOf(own, parent.column))
      return [
        {
          database,
          message: `${named}, and ${own.kind} gives ${child.column.columnType} another value than ${parent.column.columnType}`,
          hint: 'Give both columns the same type, or a mask that does not depend on it.',
        },
      ];
    const excepted = [child, parent].find((one) => hasUnless(one.database, one.table));
    if (own.kind === 'keep' || !excepted) return [];
    return [
      {
        database,
        message: `${named}, both are masked, and some rows of ${excepted.database}.${excepted.table} stay as they are (mask.unless)`,
        hint: 'Keep the column that is referred to, or take the table out of mask.unless.',
      },
    ];
  });

const nameOf = ({ database, table, column }: ClassifiedColumn): string =>
  `${database}.${table}.${column.name}`;
