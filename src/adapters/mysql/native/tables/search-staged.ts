import { type KeyRange, WHOLE_TABLE } from '../../rows/split-key.js';
import type { LeakWatch } from '../read/leak-watch.js';
import { streamRows } from '../read/row-reader.js';
import { type TablePlace, type TableSql, countCells, renderSelect } from '../statements/table-sql.js';
import { listWatched } from './find-leaks.js';
import type { UseLane } from './find-patch.js';
import { planChunks } from './plan-chunks.js';

/** The columns that would be looked at on their way. */
export const onlyWatched = (sql: TableSql): TableSql => {
  const watched = listWatched(sql);
  return { ...sql, columns: sql.columns.filter((_, at) => watched[at] !== undefined) };
};

/**
 * Reads all rows of a staged table past the watch, where they are, in about so many chunks. `sql` as of `onlyWatched`.
 * @returns their number
 */
export const searchStaged = async (
  sql: TableSql,
  place: TablePlace,
  watch: LeakWatch,
  { chunks, use }: { readonly chunks: number; readonly use: UseLane },
): Promise<number> => {
  const ranges: KeyRange[] = [];
  if (chunks > 1)
    await use(({ target }) => planChunks(target, sql, place, chunks, (range) => ranges.push(range)));
  else ranges.push(WHOLE_TABLE);
  const counts = await Promise.all(
    ranges.map((range) =>
      use(async ({ target }) => {
        const { rows } = await streamRows(target.wire, {
          sql: renderSelect(sql, place, null, range, 'stored'),
          columns: countCells(sql),
          writer: watch.over(),
        });
        return rows;
      }),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
};
