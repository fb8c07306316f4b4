import { isSameDecision } from '../mask/mask-lock.js';
import type { MaskDecision } from '../mask/mask-rule.js';
import type { DatabaseName } from '../names.js';
import { type ClassifiedColumn, type DecidedBy, type FilledTable, keyOfColumn } from './classified-column.js';

/** A column of a foreign key and the column that it refers to, both of tables whose rows are copied. */
export interface KeyPair {
  readonly child: string;
  readonly parent: string;
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
      .map(({ child, parent }) => {
        const decision = columns.get(parent)?.decided?.decision;
        return decision !== undefined && isOfValue(decision) && decide(child, decision, 'key');
      })
      .includes(true);
  while (followOnce());
};

/** Is what becomes of a value the same in every table? */
const isOfValue = ({ kind }: MaskDecision): boolean =>
  !['keep', 'null', 'default', 'value', 'sql', 'json'].includes(kind);

export const findConflicts = (
  pairs: readonly KeyPair[],
  columns: Columns,
  hasUnless: (database: string, table: string) => boolean,
): readonly MaskConflict[] =>
  pairs.flatMap(({ child: childKey, parent: parentKey }) => {
    const [child, parent] = [columns.get(childKey), columns.get(parentKey)];
    const [own, referenced] = [child?.decided?.decision, parent?.decided?.decision];
    // NULL refers to nothing. A column without a decision is told elsewhere.
    if (!child || !parent || !own || !referenced || own.kind === 'null') return [];
    const named = `${nameOf(child)} refers to ${nameOf(parent)}`;
    if (!isSameDecision(own, referenced))
      return [
        {
          database: child.database,
          message: `${named}, and their masks differ (${own.kind}, and ${referenced.kind})`,
          hint: `Give both the same mask; without a rule of its own ${nameOf(child)} follows.`,
        },
      ];
    const excepted = [child, parent].find(({ database, table }) => hasUnless(database, table));
    if (own.kind === 'keep' || !excepted) return [];
    return [
      {
        database: child.database,
        message: `${named}, both are masked, and some rows of ${excepted.database}.${excepted.table} stay as they are (mask.unless)`,
        hint: 'Keep the column that is referred to, or take the table out of mask.unless.',
      },
    ];
  });

const nameOf = ({ database, table, column }: ClassifiedColumn): string =>
  `${database}.${table}.${column.name}`;
