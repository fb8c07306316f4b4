import type { RawRow } from '../lanes/lane-connection.js';

/** Rows as `renderRowNumbers` reads them that only one side has. */
export interface RowDifference {
  readonly onlyHere: readonly RawRow[];
  readonly onlyThere: readonly RawRow[];
}

/** Compares two lists of rows, in whatever order they come. Usually it is the same, and then no row is looked up. */
export const compareListed = (here: readonly RawRow[], there: readonly RawRow[]): RowDifference => {
  const onlyHere: RawRow[] = [];
  const onlyThere: RawRow[] = [];
  let at = 0;
  for (; at < here.length && at < there.length; at += 1) {
    const [a, b] = [here[at], there[at]];
    if (!a || !b || !areCellsSame(a, b, a.length - 1)) break;
    if (isCellSame(a.at(-1), b.at(-1))) continue;
    onlyHere.push(a);
    onlyThere.push(b);
  }
  const [restHere, restThere] = [indexRows(here, at), indexRows(there, at)];
  for (const [id, row] of restHere) if (!restThere.has(id)) onlyHere.push(row);
  for (const [id, row] of restThere) if (!restHere.has(id)) onlyThere.push(row);
  return { onlyHere, onlyThere };
};

const isCellSame = (a: Buffer | null | undefined, b: Buffer | null | undefined): boolean =>
  a && b ? a.equals(b) : a === b;

const areCellsSame = (a: RawRow, b: RawRow, cells: number): boolean => {
  for (let at = 0; at < cells; at += 1) if (!isCellSame(a[at], b[at])) return false;
  return true;
};

const indexRows = (rows: readonly RawRow[], from: number): ReadonlyMap<string, RawRow> =>
  new Map(rows.slice(from).map((row) => [describeRow(row), row]));

/** Different for different rows: cells may hold any byte. */
const describeRow = (row: RawRow): string =>
  row.map((cell) => `${String(cell?.length)}:${cell?.toString('latin1') ?? ''}`).join();
