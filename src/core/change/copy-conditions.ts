import { supports } from '../server/features.js';
import { hasPrivilege } from '../server/grants.js';
import type { ServerFacts } from '../server/inventory.js';
import type { DatabaseName } from '../names.js';
import type { ResolvedOptions } from '../plan/resolved-plan.js';
import { isBoundToStatements } from '../session/binary-log.js';
import { isRefreshing } from '../plan/refresh-rule.js';
import { type Consistency, type EngineName, traitsOf } from '../plan/row-engines.js';
import { formatPlural } from '../plural.js';

/**
 * How several connections come to read one moment of the source. `read-lock`: nobody could commit while the snapshots
 * were taken. `table-locks`: nobody could write to the copied tables. `equal-positions`: the server says that all
 * snapshots stand at one position of its binary log. `one-lane`: there is one snapshot only.
 */
export type SnapshotLevel = 'read-lock' | 'table-locks' | 'equal-positions' | 'one-lane';

/**
 * How rows are written. `bulk`: MariaDB's binary array of parameters. `load`: LOAD DATA LOCAL INFILE. `insert`: INSERT
 * with literals, which every server takes.
 */
export type WriterKind = 'bulk' | 'load' | 'insert';

/**
 * How a refresh finds what differs in tables that start from an earlier copy. `by-distance`: row by row between near servers, else by
 * digests; a run measures that. `mixed`: row by row, and by digests where cells do not tell all.
 */
export type RowComparison = 'by-distance' | 'rows' | 'digests' | 'mixed';

/** How rows will travel as far as it is known before; the run says what it was. */
export interface CopyConditions {
  readonly engine: EngineName;
  /** Connections a database. */
  readonly lanes: number;
  readonly moment: Consistency;
  /** Null where a dump program reads, which has a snapshot of its own and the loader's way to write. */
  readonly snapshot: SnapshotLevel | null;
  readonly writer: WriterKind | null;
  /** Absent where no table starts from an earlier copy. */
  readonly comparison?: RowComparison;
}

/** To lock so many tables takes time, during which the first ones cannot be written to. */
export const MOST_LOCKED_TABLES = 1_000;

export interface ReadScope {
  readonly name: DatabaseName;
  readonly tables: number;
}

export const foreseeConditions = (
  { engine, parallel, consistency, refresh }: ResolvedOptions,
  source: ServerFacts,
  target: ServerFacts,
  databases: readonly ReadScope[],
): CopyConditions =>
  traitsOf(engine).textDump
    ? { engine, lanes: 1, moment: 'database', snapshot: null, writer: null }
    : {
        engine,
        lanes: parallel,
        moment: consistency,
        snapshot: parallel === 1 ? 'one-lane' : foreseeSnapshot(source, databases),
        writer: foreseeWriter(target),
        ...(isRefreshing(refresh) && { comparison: 'by-distance' }),
      };

/** From the one that nobody notices to the one that most do, as far as the account may. */
const foreseeSnapshot = (
  { flavor, grants, hasBinaryLog }: ServerFacts,
  databases: readonly ReadScope[],
): SnapshotLevel => {
  const mayReload = hasPrivilege(grants, 'RELOAD');
  if (mayReload && supports(flavor, 'backupStages')) return 'read-lock';
  const isFew = databases.every(({ tables }) => tables <= MOST_LOCKED_TABLES);
  if (isFew && databases.every(({ name }) => hasPrivilege(grants, 'LOCK TABLES', name))) return 'table-locks';
  if (mayReload && hasPrivilege(grants, 'PROCESS')) return 'read-lock';
  return supports(flavor, 'snapshotPositions') && hasBinaryLog ? 'equal-positions' : 'one-lane';
};

const foreseeWriter = (target: ServerFacts): WriterKind => {
  if (supports(target.flavor, 'bulkParameters') && !isBoundToStatements(target)) return 'bulk';
  return target.takesLocalFiles ? 'load' : 'insert';
};

const SNAPSHOTS: Record<SnapshotLevel, string> = {
  'read-lock': 'under a brief read lock',
  'table-locks': 'while its tables are briefly locked',
  'equal-positions': 'without a lock, by the position of the binary log',
  'one-lane': 'on one connection, because the account lacks lock privileges',
};

const WRITERS: Record<WriterKind, string> = {
  bulk: 'bulk inserts',
  load: 'LOAD DATA',
  insert: 'INSERT (local_infile is off on the target)',
};

const COMPARISONS: Record<RowComparison, string> = {
  'by-distance': 'row by row, or by digests where a server is 5 ms away or more',
  rows: 'row by row',
  digests: 'by digests',
  mixed: 'row by row, and by digests where cells do not tell all',
};

/** In words, one a line. */
export const describeConditions = ({
  engine,
  lanes,
  moment,
  snapshot,
  writer,
  comparison,
}: CopyConditions): readonly string[] => {
  if (snapshot === null || writer === null) return [`${engine} engine, each database as of one moment`];
  const what = moment === 'batch' ? 'all databases' : 'each database';
  return [
    `${engine} engine, ${formatPlural(snapshot === 'one-lane' ? 1 : lanes, 'connection')}, written by ${WRITERS[writer]}`,
    `${what} as of one moment, ${lanes === 1 ? 'on one connection' : SNAPSHOTS[snapshot]}`,
    ...(comparison === undefined ? [] : [`earlier copies compared ${COMPARISONS[comparison]}`]),
  ];
};
