import type { RowList } from '../read/row-list.js';

/** Numbers of rows that only one side has. */
export interface RowDifference {
  readonly onlyHere: readonly number[];
  readonly onlyThere: readonly number[];
}

/** Compares two lists of rows, in whatever order they come. Usually it is the same, and then no row is looked up. */
export const compareListed = (here: RowList, there: RowList): RowDifference => {
  const onlyHere: number[] = [];
  const onlyThere: number[] = [];
  let at = 0;
  for (; at < here.length && at < there.length; at += 1) {
    if (here.isSameRow(at, there)) continue;
    if (!here.isSameKey(at, there)) break;
    onlyHere.push(at);
    onlyThere.push(at);
  }
  const [restHere, restThere] = [indexRows(here, at), indexRows(there, at)];
  for (const [row, number] of restHere) if (!restThere.has(row)) onlyHere.push(number);
  for (const [row, number] of restThere) if (!restHere.has(row)) onlyThere.push(number);
  return { onlyHere, onlyThere };
};

const indexRows = (rows: RowList, from: number): ReadonlyMap<string, number> => {
  const index = new Map<string, number>();
  for (let row = from; row < rows.length; row += 1) index.set(rows.describeRow(row), row);
  return index;
};
