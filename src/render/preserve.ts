import type { DatabaseChange, PreserveChange } from '../core/change/change-set.js';
import { makePrintable } from '../core/printable.js';
import type { PreserveResult } from '../core/run/outcome.js';
import { ALL_ROWS } from '../core/sql/preserve-condition.js';
import { shortenSql } from '../core/sql/shorten-sql.js';
import { formatCount, formatPlural } from './units.js';

/** Which rows of the target stay, a line for each table; `full`: however long the condition. */
export const listPreserve = (
  { preserve = [] }: Pick<DatabaseChange, 'preserve'>,
  length: 'short' | 'full',
): readonly string[] => preserve.map((one) => makePrintable(describe(one, length)));

const describe = ({ table, where, live, rows }: PreserveChange, length: 'short' | 'full'): string => {
  if (live === null) return `preserve nothing of ${table}: the target has no such table yet`;
  if (where !== null)
    return `preserve ${table} where ${length === 'short' ? shortenSql(where) : where.trim()}`;
  return `preserve all rows of ${table}${rows === null ? '' : ` (~${formatCount(rows)})`}`;
};

/** In a pipe: `preserve`, database, table, condition or `all`, the live table (empty where there is none). */
export const pipePreserve = ({
  to,
  preserve = [],
}: Pick<DatabaseChange, 'to' | 'preserve'>): readonly string[] =>
  preserve.map(({ table, where, live }) =>
    ['preserve', to, table, where ?? ALL_ROWS, live ?? ''].map(makePrintable).join('\t'),
  );

/** `preserved 12 rows of users, in place of 3 rows of the copy` */
export const describePreserved = ({ table, rows, replaced }: PreserveResult): string =>
  `preserved ${formatPlural(rows, 'row')} of ${table}${replaced === 0 ? '' : `, in place of ${formatPlural(replaced, 'row')} of the copy`}`;
