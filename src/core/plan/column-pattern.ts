import { isMatch, readExactPattern } from './pattern.js';

/** Which columns a rule is for. What is left out matches everything. */
export interface ColumnPattern {
  readonly database?: string;
  readonly table?: string;
  readonly column: string;
}

/** Which tables a condition is for. */
export type TablePattern = Omit<ColumnPattern, 'column'> & { readonly table: string };

/** `COLUMN`, `TABLE.COLUMN` or `DATABASE.TABLE.COLUMN`, globs; undefined for anything else. `\.` is a dot in a name. */
export const parseColumnPattern = (text: string): ColumnPattern | undefined => {
  const parts = splitAtDots(text);
  const [column, table, database] = [...parts].reverse();
  if (column === undefined || parts.length > 3 || parts.includes('')) return undefined;
  return { column, ...(table !== undefined && { table }), ...(database !== undefined && { database }) };
};

/** `TABLE` or `DATABASE.TABLE`, globs; undefined for anything else. */
export const parseTablePattern = (text: string): TablePattern | undefined => {
  const [table, database, ...more] = [...splitAtDots(text)].reverse();
  if (table === undefined || more.length > 0 || table === '' || database === '') return undefined;
  return { table, ...(database !== undefined && { database }) };
};

const splitAtDots = (text: string): readonly string[] =>
  (text.match(/(?:\\[^]|[^\\.]|\\$)+|\./gu) ?? []).reduce<readonly string[]>(
    (parts, piece) =>
      piece === '.' ? [...parts, ''] : [...parts.slice(0, -1), (parts.at(-1) ?? '') + piece],
    [''],
  );

/** Servers know a column by its name in upper and lower case. */
export const isColumnMatch = (
  { database, table, column }: ColumnPattern,
  of: { readonly database: string; readonly table: string; readonly column: string },
): boolean => isMatch(column.toLowerCase(), of.column.toLowerCase()) && isTableMatch({ database, table }, of);

export const isTableMatch = (
  { database, table }: { readonly database?: string | undefined; readonly table?: string | undefined },
  of: { readonly database: string; readonly table: string },
): boolean =>
  (table === undefined || isMatch(table, of.table)) &&
  (database === undefined || isMatch(database, of.database));

/** Has it no wildcard? */
export const isExact = ({ database, table, column }: ColumnPattern): boolean =>
  [database, table, column].every((part) => part === undefined || readExactPattern(part) !== undefined);

/** `shop.users.email`, as a pattern that matches only it. */
export const nameColumn = (...names: readonly string[]): string =>
  names.map((name) => name.replaceAll(/[\\*?.]/g, '\\$&')).join('.');
