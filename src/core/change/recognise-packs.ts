import { PACKS, type PackName } from '../mask/packs/index.js';
import { type ColumnPattern, isColumnMatch, parseColumnPattern } from '../plan/column-pattern.js';
import { type ClassifiedColumn, namesOf } from './classified-column.js';

export interface RecognisedPack {
  readonly pack: PackName;
  /** Columns without a decision that it would decide. */
  readonly columns: number;
}

/** A third of the tables that a pack knows: installations leave out what they do not use, and the rest is for others. */
const LEAST_SHARE = 1 / 3;
const LEAST_TABLES = 2;

/** Packs whose application's tables are there. */
export const recognisePacks = (columns: readonly ClassifiedColumn[]): readonly RecognisedPack[] =>
  (Object.keys(PACKS) as PackName[]).flatMap((pack) => {
    const tables = groupByTable(pack);
    const matches = (pattern: ColumnPattern): boolean =>
      columns.some((column) => isColumnMatch(pattern, namesOf(column)));
    const there = tables.filter(
      (patterns) => patterns.filter((pattern) => matches(pattern)).length * 2 >= patterns.length,
    ).length;
    if (there < LEAST_TABLES || there < tables.length * LEAST_SHARE) return [];
    const patterns = tables.flat();
    const open = columns.filter(
      (column) =>
        column.decided === undefined && patterns.some((pattern) => isColumnMatch(pattern, namesOf(column))),
    );
    return open.length === 0 ? [] : [{ pack, columns: open.length }];
  });

const groupByTable = (pack: PackName): readonly (readonly ColumnPattern[])[] => {
  const groups = new Map<string, ColumnPattern[]>();
  for (const { pattern } of PACKS[pack].rules) {
    const parsed = parseColumnPattern(pattern);
    if (parsed) groups.set(parsed.table ?? '', [...(groups.get(parsed.table ?? '') ?? []), parsed]);
  }
  return [...groups.values()];
};
