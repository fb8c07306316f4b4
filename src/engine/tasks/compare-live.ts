import { forEachConcurrently } from '../../core/concurrency.js';
import type { TableChange } from '../../core/change/change-set.js';
import { SyncError } from '../../core/errors.js';
import { inGroups } from '../../core/in-groups.js';
import { comparedPart } from '../../core/mask/table-masks.js';
import { narrowRows } from '../../core/sql/narrow-rows.js';
import type { DatabaseName, TableName } from '../../core/names.js';
import type { TableInventory } from '../../core/server/inventory.js';
import type { RowEngine } from '../ports/row-engine.js';
import type { CopyTable, PlacedTable, TableDigest } from '../ports/rows.js';
import { ComparisonProgress } from './comparison-progress.js';
import type { Snapshot } from '../ports/server.js';
import type { DatabaseRun } from '../run-context.js';
import { whileServersAnswer } from '../while-servers-answer.js';

/** Statements at once: a server uses one core for each. */
const LANES = 2;

/** So much data, by the server's estimate, is read by one statement, unless one table has more. */
const TOGETHER_BYTES = 4_194_304;

/** A table that has more is compared piece by piece. */
const PIECE_BYTES = 8_388_608;

/** How many connections to the source read these tables, and copy those that are not equal: a small database gains nothing by a second one. */
export const countSourceLanes = (tables: readonly CopyTable[], most: number): number =>
  tables.reduce((sum, { table }) => sum + table.dataBytes, 0) <= TOGETHER_BYTES ? 1 : most;

/** Whether a live table has the rows of the source; `unread`: the target could not read them. */
export type RowsFound = 'equal' | 'other' | 'unread';

export const compareLive = async (
  context: DatabaseRun,
  reading: RowEngine,
  candidates: readonly TableChange[],
  progress = new ComparisonProgress([]),
): Promise<ReadonlyMap<TableName, RowsFound>> => {
  const { plan, target } = context;
  const found = new Map<TableName, RowsFound>();
  const groups = groupTables(context, candidates);
  const lanes = Math.min(LANES, plan.options.parallel, groups.length);
  await whileServersAnswer(
    context,
    () => found.size,
    async (signal) => {
      const snapshots = await Promise.all(Array.from({ length: lanes }, () => target.openSnapshot()));
      const idle = [...snapshots];
      const closeAll = async (): Promise<void> => {
        await Promise.all(snapshots.map((snapshot) => snapshot.close()));
      };
      const stop = (): void => void closeAll();
      signal.addEventListener('abort', stop);
      try {
        await forEachConcurrently(groups, lanes, async (group) => {
          const snapshot = idle.pop();
          if (!snapshot) return;
          signal.throwIfAborted();
          const places = { context, reading, snapshot, signal, progress };
          const names = group.map(({ name }) => name);
          progress.begin(names);
          for (const [name, rows] of await compareGroup(places, group)) found.set(name, rows);
          progress.end(names);
          idle.push(snapshot);
        });
      } finally {
        signal.removeEventListener('abort', stop);
        await closeAll();
      }
    },
  );
  return found;
};

/** Small tables together; one that is to be empty has no digest, and is alone. */
const groupTables = (
  { inventory }: DatabaseRun,
  candidates: readonly TableChange[],
): readonly (readonly TableChange[])[] => {
  const bytesOf = ({ name }: TableChange): number =>
    inventory.tables.find((table) => table.name === name)?.dataBytes ?? 0;
  const groups: TableChange[][] = candidates
    .filter(({ content }) => content === 'none')
    .map((table) => [table]);
  let open: TableChange[] | undefined;
  let bytes = 0;
  for (const table of candidates.filter(({ content }) => content !== 'none')) {
    bytes += bytesOf(table);
    if (open && bytes <= TOGETHER_BYTES) open.push(table);
    else {
      groups.push((open = [table]));
      bytes = bytesOf(table);
    }
  }
  return groups;
};

/** Where rows are read. */
interface Places {
  readonly context: DatabaseRun;
  readonly reading: RowEngine;
  readonly snapshot: Snapshot;
  readonly signal: AbortSignal;
  readonly progress: ComparisonProgress;
}

type Findings = readonly (readonly [TableName, RowsFound])[];

const compareGroup = async (places: Places, group: readonly TableChange[]): Promise<Findings> => {
  const [first, ...others] = group;
  if (!first) return [];
  if (others.length === 0) return [[first.name, await compareOne(places, first)]];
  try {
    return await compareTogether(places, group);
  } catch (error) {
    if (!isServerError(error) && !isDenied(error)) throw error;
    // One of them cannot be read, and nobody has said which.
    const found: [TableName, RowsFound][] = [];
    for (const table of group) found.push([table.name, await compareOne(places, table)]);
    return found;
  }
};

const compareTogether = async (
  { context: { change, inventory }, reading, snapshot, signal }: Places,
  group: readonly TableChange[],
): Promise<Findings> => {
  const rows = group.flatMap(({ name, where, masks }): CopyTable[] => {
    const table = inventory.tables.find((one) => one.name === name);
    return table ? [{ table, where, ...(masks && { masks }) }] : [];
  });
  if (!reading.digestSource) return [];
  const [sources, targets] = await Promise.all([
    reading.digestSource(placeIn(change.from, rows), signal),
    snapshot.digestTables(placeIn(change.to, rows.map(toCompared))),
  ]);
  return rows.map(({ table: { name } }, index) => [name, judgeDigests(sources[index], targets[index])]);
};

export const placeIn = (database: DatabaseName, tables: readonly CopyTable[]): readonly PlacedTable[] =>
  tables.map((rows) => ({ ...rows, database }));

/** What of a copy is compared with the source. */
export const toCompared = ({ table, masks }: CopyTable): CopyTable => ({
  table: comparedPart(table, masks),
  where: null,
});

export const judgeDigests = (
  source: Partial<TableDigest> | undefined,
  target: Partial<TableDigest> | undefined,
): RowsFound =>
  target && target.rows === (source?.rows ?? 0) && target.digest === source?.digest ? 'equal' : 'other';

/** A table that the target cannot read is copied, as it would be without a comparison. */
const compareOne = async (
  places: Places,
  { name, content, where, masks }: TableChange,
): Promise<RowsFound> => {
  const { context, reading, snapshot, signal, progress } = places;
  const { change, inventory } = context;
  const table = inventory.tables.find((one) => one.name === name);
  if (!table || !reading.digestSource) return 'other';
  if (content === 'none') {
    const rows = await unlessUnread(snapshot.countTable(change.to, table, null));
    return rows === undefined ? 'unread' : judgeDigests(undefined, { rows });
  }
  const rows = { table, where, ...(masks && { masks }) };
  const pieces = Math.ceil(table.dataBytes / PIECE_BYTES);
  const cut = pieces < 2 ? undefined : await reading.cutSource?.(change.from, rows, pieces, signal);
  const { conditions, areHashable } = cut ?? { conditions: [], areHashable: false };
  // Rows come at the end most often, and the first difference is enough. What is read in its order is read ahead by the server.
  const [last, ...others] = [...conditions.slice(-1), ...conditions.slice(0, -1)];
  if (last === undefined) return comparePiece(places, rows, null);
  for (const pieces of [[last], ...inGroups(others, PIECES_TOGETHER)]) {
    for (const piece of areHashable ? await findUnlike(places, table, pieces) : pieces) {
      const found = await comparePiece(
        places,
        { ...rows, where: narrowRows(where, piece), isPiece: true },
        piece,
      );
      if (found !== 'equal') return found;
    }
    progress.advance(name, pieces.length / conditions.length);
  }
  return 'equal';
};

/** So many pieces are hashed by one statement. */
const PIECES_TOGETHER = 8;

/** The pieces that are not known to be equal by their hashes. */
const findUnlike = async (
  { context: { change }, reading, snapshot, signal }: Places,
  table: TableInventory,
  pieces: readonly string[],
): Promise<readonly string[]> => {
  const [sources, targets] = await Promise.all([
    reading.hashSource?.(change.from, table, pieces, signal),
    unlessUnread(snapshot.hashPieces(change.to, table, pieces)),
  ]);
  return pieces.filter((_, at) => {
    const [source, target] = [sources?.[at], targets?.[at]];
    return !source || !target || judgeDigests(source, target) !== 'equal';
  });
};

const comparePiece = async (
  { context: { change }, reading, snapshot, signal }: Places,
  rows: CopyTable,
  there: string | null,
): Promise<RowsFound> => {
  const [sources, target] = await Promise.all([
    reading.digestSource?.(placeIn(change.from, [rows]), signal),
    unlessUnread(
      snapshot.digestTable(change.to, { table: comparedPart(rows.table, rows.masks), where: there }),
    ),
  ]);
  return target ? judgeDigests(sources?.[0], target) : 'unread';
};

/** Undefined where the server answered with an error; one that is gone fails the run. */
const unlessUnread = async <Result>(reading: Promise<Result>): Promise<Result | undefined> => {
  try {
    return await reading;
  } catch (error) {
    if (isServerError(error)) return undefined;
    throw error;
  }
};

const isServerError = (error: unknown): boolean =>
  error instanceof SyncError && error.code === 'SERVER_ERROR';

const isDenied = (error: unknown): boolean =>
  error instanceof SyncError && error.code === 'PRIVILEGE_MISSING';
