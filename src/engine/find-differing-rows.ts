import type { DifferingRows, RowFault } from '../core/change/sameness.js';
import { listRowKey } from '../core/server/row-key.js';
import { BugError } from '../core/errors.js';
import { keepsKey } from '../core/mask/table-masks.js';
import { narrowRows } from '../core/sql/narrow-rows.js';
import type { DatabaseName } from '../core/names.js';
import type { CopyTable, KeyedRow, TableDigest } from './ports/rows.js';
import type { Snapshot } from './ports/server.js';

/** Rows of one table, in a snapshot of one server. */
export interface RowsThere {
  readonly snapshot: Snapshot;
  readonly database: DatabaseName;
  readonly rows: CopyTable;
}

export interface BothRows {
  readonly source: RowsThere;
  readonly target: RowsThere;
}

export interface RowsWanted {
  /** So many keys at most are told. */
  readonly keys: number;
  /** Whether both servers have the key in one order, and can read conditions over it. */
  readonly mayCut: boolean;
  /** Of a table of about so many rows: whether the rest does not matter any more. */
  readonly isEnough?: ((seen: SeenRows, rowsEstimate: number) => boolean) | undefined;
  /** So many rows make a range. */
  readonly rangeRows?: number;
}

/** What ranges so far have shown. */
export interface SeenRows {
  readonly source: number;
  readonly target: number;
  readonly missing: number;
  readonly extra: number;
  readonly changed: number;
}

export interface FoundRows {
  readonly isSame: boolean;
  readonly source: number;
  readonly target: number;
  /** Of rows that are not the same. */
  readonly differing?: DifferingRows;
}

/** Few enough that one change makes few be listed. */
const RANGE_ROWS = 10_000;

/** A range that has so many times the rows that it should is not held in memory, but cut once more. */
const MOST_TIMES = 5;

/** Digests that are asked for together, so that far servers are waited for less often. */
const RANGES_AT_ONCE = 16;

/**
 * Which rows of a table differ: ranges of the key of its rows are compared by digests on both sides, and rows one by one inside of those
 * that differ. Reads only.
 */
export const findDifferingRows = async (sides: BothRows, wanted: RowsWanted): Promise<FoundRows> => {
  const { keys, mayCut, isEnough = () => false, rangeRows = RANGE_ROWS } = wanted;
  const found = new Tally(keys);
  const cut = (side: RowsThere, range: string | null, rows: number): Promise<readonly string[]> =>
    mayCut ? cutRange(side, range, { rows, rangeRows }) : Promise.resolve([]);
  const { rowsEstimate } = sides.source.rows.table;
  const first = await cut(sides.source, null, rowsEstimate);
  const open: (string | null)[] = first.length > 0 ? [...first] : [null];
  while (open.length > 0 && !isEnough(found, rowsEstimate)) {
    const ranges = open.splice(0, RANGES_AT_ONCE);
    const digests = await digestBoth(sides, ranges);
    for (const [index, range] of ranges.entries()) {
      const [here, there] = [digests.here[index], digests.there[index]];
      if (!here || !there) throw new BugError('no digest of a range');
      const isSame = here.rows === there.rows && here.digest === there.digest;
      const isLarge = !isSame && Math.max(here.rows, there.rows) > rangeRows * MOST_TIMES;
      // The servers' estimate was wrong, or one side has many rows where the other has few.
      const larger = here.rows >= there.rows ? sides.source : sides.target;
      const finer = isLarge ? await cut(larger, range, Math.max(here.rows, there.rows)) : [];
      if (finer.length > 0) {
        open.unshift(...finer);
        continue;
      }
      found.count(here.rows, there.rows, isSame);
      if (isSame) continue;
      const reason = whyUntold(sides.source.rows) ?? (isLarge ? TOO_LARGE : undefined);
      if (reason === undefined) found.compare(await listBoth(sides, range));
      else found.giveUp(reason);
    }
  }
  return found.describe(sides.source.rows);
};

const narrow = ({ table, where, masks }: CopyTable, range: string | null): CopyTable => ({
  table,
  where: narrowRows(where, range),
  ...(masks && { masks }),
  ...(range !== null && { isPiece: true }),
});

const digestBoth = async (
  { source, target }: BothRows,
  ranges: readonly (string | null)[],
): Promise<Record<'here' | 'there', readonly TableDigest[]>> => {
  const digest = ({ snapshot, database, rows }: RowsThere): Promise<readonly TableDigest[]> =>
    snapshot.digestTables(ranges.map((range) => ({ ...narrow(rows, range), database })));
  const [here, there] = await Promise.all([digest(source), digest(target)]);
  return { here, there };
};

const listBoth = (
  { source, target }: BothRows,
  range: string | null,
): Promise<readonly [readonly KeyedRow[], readonly KeyedRow[]]> => {
  const list = ({ snapshot, database, rows }: RowsThere): Promise<readonly KeyedRow[]> =>
    snapshot.listRows(database, narrow(rows, range));
  return Promise.all([list(source), list(target)]);
};

/** Conditions of the pieces of a range that has so many rows; none where it cannot be cut. */
const cutRange = async (
  { snapshot, database, rows }: RowsThere,
  range: string | null,
  { rows: rowsEstimate, rangeRows }: { readonly rows: number; readonly rangeRows: number },
): Promise<readonly string[]> => {
  if (whyUntold(rows) !== undefined) return [];
  const part = narrow({ ...rows, table: { ...rows.table, rowsEstimate } }, range);
  const pieces = await snapshot.cutTable(database, part, rangeRows);
  // One piece is all of it.
  return pieces.length < 2
    ? []
    : pieces.map((piece) => (range === null ? piece : `(${range}) AND (${piece})`));
};

/** Why rows of a table cannot be named at all. */
const whyUntold = ({ table, masks }: CopyTable): string | undefined => {
  if (!keepsKey(table, masks)) return 'the plan masks the key of its rows';
  if (table.kind === 'system-versioned') return 'it has rows of the past, with the keys of others';
  return listRowKey(table).length === 0 ? 'it has no key that tells its rows' : undefined;
};

const TOO_LARGE = 'it has no key by which it can be cut into ranges, and too many rows to hold in memory';

class Tally implements SeenRows {
  source = 0;
  target = 0;
  missing = 0;
  extra = 0;
  changed = 0;
  readonly #keys: { readonly is: RowFault; readonly key: readonly string[] }[] = [];
  readonly #most: number;
  #isSame = true;
  #untold: string | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  count(source: number, target: number, isSame: boolean): void {
    this.source += source;
    this.target += target;
    this.#isSame &&= isSame;
  }

  giveUp(reason: string): void {
    this.#untold = reason;
  }

  /** Rows are the same where all of their values are; of the others those with one key are one row that changed. */
  compare([here, there]: readonly [readonly KeyedRow[], readonly KeyedRow[]]): void {
    const [ours, theirs] = [here, there].map((rows) => new Set(rows.map(({ number }) => number)));
    const surplus = new Map<string, (readonly string[])[]>();
    for (const { key, number } of there) {
      if (ours?.has(number)) continue;
      // Two keys of a server can be one text to people.
      const namesakes = surplus.get(JSON.stringify(key)) ?? [];
      surplus.set(JSON.stringify(key), [...namesakes, key]);
    }
    for (const { key, number } of here)
      if (!theirs?.has(number))
        this.#add(surplus.get(JSON.stringify(key))?.pop() ? 'changed' : 'missing', key);
    for (const key of [...surplus.values()].flat()) this.#add('extra', key);
  }

  #add(is: RowFault, key: readonly string[]): void {
    this[is] += 1;
    if (this.#keys.length < this.#most) this.#keys.push({ is, key });
  }

  describe({ table }: CopyTable): FoundRows {
    const { source, target, missing, extra, changed } = this;
    if (this.#untold !== undefined)
      return { isSame: false, source, target, differing: { untold: this.#untold } };
    if (this.#isSame) return { isSame: true, source, target };
    const differing = {
      missing,
      extra,
      changed,
      keyColumns: listRowKey(table).map(({ name }) => name),
      keys: this.#keys,
    };
    return { isSame: false, source, target, differing };
  }
}
