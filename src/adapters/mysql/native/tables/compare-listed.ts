import type { RowList } from '../read/row-list.js';

/** Numbers of rows that only one side has. */
export interface RowDifference {
  readonly onlyHere: readonly number[];
  readonly onlyThere: readonly number[];
}

/** So many rows further on it is looked for the row at which both lists go on alike. */
const MOST_STEPS = 4;

/** Compares two lists of rows, in whatever order they come. Usually it is the same, and then few rows are looked up. */
export const compareListed = (here: RowList, there: RowList): RowDifference => {
  const onlyHere: number[] = [];
  const onlyThere: number[] = [];
  const looseHere: number[] = [];
  const looseThere: number[] = [];
  let at = 0;
  let atThere = 0;
  while (at < here.rows && atThere < there.rows) {
    const same = here.countSame(at, there, atThere);
    at += same;
    atThere += same;
    if (same > 0) continue;
    if (here.isSameKey(at, there, atThere)) {
      onlyHere.push(at++);
      onlyThere.push(atThere++);
      continue;
    }
    const [steps, stepsThere] = findSteps(here, at, there, atThere);
    for (const end = at + steps; at < end; at += 1) looseHere.push(at);
    for (const end = atThere + stepsThere; atThere < end; atThere += 1) looseThere.push(atThere);
  }
  for (; at < here.rows; at += 1) looseHere.push(at);
  for (; atThere < there.rows; atThere += 1) looseThere.push(atThere);
  const [foundHere, foundThere] = [describeRows(here, looseHere), describeRows(there, looseThere)];
  for (const [row, number] of foundHere) if (!foundThere.has(row)) onlyHere.push(number);
  for (const [row, number] of foundThere) if (!foundHere.has(row)) onlyThere.push(number);
  return { onlyHere, onlyThere };
};

/** How many rows to pass over on each side. */
const findSteps = (
  here: RowList,
  at: number,
  there: RowList,
  atThere: number,
): readonly [here: number, there: number] => {
  for (let steps = 1; steps <= MOST_STEPS; steps += 1) {
    if (here.countSame(at + steps, there, atThere) > 0) return [steps, 0];
    if (here.countSame(at, there, atThere + steps) > 0) return [0, steps];
  }
  return [1, 1];
};

const describeRows = (list: RowList, rows: readonly number[]): ReadonlyMap<string, number> =>
  new Map(rows.map((row) => [list.describeRow(row), row]));
