import { suggestNearest } from '../../nearest.js';
import {
  type ColumnPattern,
  isColumnMatch,
  isExact,
  nameColumn,
  parseColumnPattern,
} from '../../plan/column-pattern.js';
import { type ColumnNames, followedColumn } from '../../plan/column-rule.js';
import type { ResolvedMask } from '../../mask/resolved-mask.js';
import type { DatabaseInventory } from '../../server/inventory.js';
import type { Hazard } from '../change-set.js';
import type { PlannedMasks } from '../plan-masks.js';

interface Named {
  readonly database: string;
  readonly table: string;
  readonly column: string;
  readonly isGenerated: boolean;
}

/** By a mistyped name a column would keep its values, or get another mask than it was given. */
export const unmatchedMask = (
  { mask, ofPlan }: PlannedMasks,
  databases: readonly DatabaseInventory[],
): readonly Hazard[] => {
  const columns = databases.flatMap(({ name: database, tables }) =>
    tables.flatMap((table) =>
      table.columns.map((column): Named => ({
        database,
        table: table.name,
        column: column.name,
        isGenerated: column.isGenerated,
      })),
    ),
  );
  const own = mask.columns.filter(({ pack }) => pack === undefined);
  const ofColumns = own.flatMap(({ pattern }): readonly Hazard[] => {
    const parsed = parseColumnPattern(pattern);
    if (!parsed) return [];
    const matches = columns.filter((column) => isColumnMatch(parsed, column));
    if (matches.some(({ isGenerated }) => !isGenerated)) return [];
    const code = 'MASK_UNMATCHED';
    if (matches.length > 0)
      return [
        {
          code,
          severity: 'blocks',
          message: `mask.columns: ${pattern} is a generated column, which the target computes again`,
          hint: 'Mask the columns that it is computed from.',
        },
      ];
    if (!isExact(parsed))
      return [
        {
          code,
          severity: 'note',
          message: `mask.columns: ${pattern} matches no column`,
          hint: 'Is it spelled as on the source?',
        },
      ];
    // What a call leaves out may have it.
    if (ofPlan === 'some') return [];
    const suggestion = suggestNearest(pattern, [
      ...new Set(columns.map((column) => nameLike(parsed, column))),
    ]);
    return [
      {
        code,
        severity: 'blocks',
        message: `mask.columns: no table of the plan has ${pattern}${suggestion === undefined ? '' : `; ${suggestion}`}`,
        hint: 'Correct the name under mask.columns, or take it out.',
      },
    ];
  });
  return [
    ...ofColumns,
    ...unmatchedFollowed(mask, columns, ofPlan),
    ...(ofPlan === 'all' ? unmatchedPacks(mask, columns) : []),
  ];
};

/** By a mistyped name of the column that is followed it would have no mask, or that of another. */
const unmatchedFollowed = (
  { columns: rules }: ResolvedMask,
  columns: readonly Named[],
  ofPlan: PlannedMasks['ofPlan'],
): readonly Hazard[] => {
  const databases = new Set(columns.map(({ database }) => database));
  const isThere = ({ database, table, column }: ColumnNames): boolean =>
    columns.some(
      (one) => one.database === database && one.table === table && isSameColumn(one.column, column),
    );
  return rules.flatMap(({ pattern, decision }): readonly Hazard[] => {
    const parsed = parseColumnPattern(pattern);
    if (!parsed || decision.kind !== 'follows') return [];
    const missing = columns
      .filter((column) => isColumnMatch(parsed, column))
      .map(({ database }) => followedColumn(decision, database))
      .find((followed) => !isThere(followed) && (ofPlan === 'all' || databases.has(followed.database)));
    if (!missing) return [];
    const suggestion = suggestNearest(decision.column, [
      ...new Set(columns.map(({ table, column }) => nameColumn(table, column))),
    ]);
    return [
      {
        code: 'MASK_UNMATCHED',
        severity: 'blocks',
        message: `mask.columns: ${pattern} follows ${nameColumn(missing.database, missing.table, missing.column)}, which is no column of the plan${suggestion === undefined ? '' : `; ${suggestion}`}`,
        hint: 'Correct the name, or give the column a mask of its own.',
      },
    ];
  });
};

const isSameColumn = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** A pack is for several versions of an application: only when nothing of it is there it is the wrong one. */
const unmatchedPacks = ({ columns: rules }: ResolvedMask, columns: readonly Named[]): readonly Hazard[] => {
  const isMatched = (pattern: string): boolean => {
    const parsed = parseColumnPattern(pattern);
    return parsed !== undefined && columns.some((column) => isColumnMatch(parsed, column));
  };
  return [...new Set(rules.flatMap(({ pack }) => pack ?? []))]
    .filter((pack) => !rules.some((rule) => rule.pack === pack && isMatched(rule.pattern)))
    .map((pack) => ({
      code: 'MASK_UNMATCHED',
      severity: 'blocks',
      message: `mask.rules: no table of the plan has a column that ${pack} is for`,
      hint: `Take ${pack} out of mask.rules, or name the pack of the application whose tables these are.`,
    }));
};

const nameLike = (
  { database, table }: ColumnPattern,
  of: Pick<Named, 'database' | 'table' | 'column'>,
): string => {
  const parts = [
    ...(database === undefined ? [] : [of.database]),
    ...(table === undefined ? [] : [of.table]),
  ];
  return [...parts, of.column].join('.');
};
