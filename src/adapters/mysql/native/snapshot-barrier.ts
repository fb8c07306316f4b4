import { SyncError } from '../../../core/errors.js';
import { type Flavor, isAtLeast } from '../../../core/flavor.js';
import type { CopyJob } from '../../../engine/ports.js';
import { isConnectionLost } from '../errors.js';
import { quoteTable } from '../identifiers.js';
import type { LaneConnection } from './lane-connection.js';

/**
 * How it is known that all lanes read the same moment. `read-lock`: nobody could commit while the snapshots were taken,
 * by `FLUSH TABLES WITH READ LOCK` or MariaDB's `BACKUP STAGE BLOCK_COMMIT`. `table-locks`: nobody could write to the
 * copied tables. `equal-positions`: the server says that all snapshots stand at one position of its binary log.
 * `one-lane`: there is one snapshot only.
 */
export type SnapshotLevel = 'read-lock' | 'table-locks' | 'equal-positions' | 'one-lane';

/** Of every snapshot, at its start: going back to it lets go of the tables that were read since. */
export const SAVEPOINT = 'mysql_sync_start';

/** A lock that is not had within a second is given up: until then every write would wait behind it. */
const LOCK_SECONDS = 1;
const POSITION_ATTEMPTS = 20;

/**
 * Opens a snapshot on every lane at one moment, with the gentlest means that the server and the account allow. The
 * guard is one more connection to the same server, on which locks are held for as long as that takes.
 * @throws SyncError COPY_FAILED when a lane gets no snapshot. Lanes that cannot be proven equal are not used: the
 * answer has the lanes that are.
 */
export const openSnapshots = async (
  job: CopyJob,
  guard: LaneConnection,
  lanes: readonly LaneConnection[],
): Promise<{ readonly level: SnapshotLevel; readonly lanes: readonly LaneConnection[] }> => {
  const [first] = lanes;
  if (first && lanes.length > 1) {
    await guard.run(`SET SESSION lock_wait_timeout = ${LOCK_SECONDS}`);
    for (const lock of listLocks(job)) {
      if (await beginUnder(lock, guard, lanes)) return { level: lock.level, lanes };
    }
    if (await beginAtOnePosition(lanes)) return { level: 'equal-positions', lanes };
  }
  const alone = first ? [first] : [];
  await beginAll(alone);
  return { level: 'one-lane', lanes: alone };
};

interface Lock {
  readonly level: SnapshotLevel;
  readonly acquire: readonly string[];
  readonly release: string;
}

const listLocks = ({ sourceFacts, from, tables }: CopyJob): readonly Lock[] => [
  ...(hasBackupStages(sourceFacts.flavor) ? [BACKUP_STAGES] : []),
  { level: 'read-lock', acquire: ['FLUSH TABLES WITH READ LOCK'], release: 'UNLOCK TABLES' },
  ...(tables.length === 0
    ? []
    : [
        {
          level: 'table-locks' as const,
          acquire: [
            `LOCK TABLES ${tables.map(({ table }) => `${quoteTable(from, table.name)} READ`).join(', ')}`,
          ],
          release: 'UNLOCK TABLES',
        },
      ]),
];

/** They do not wait for queries, as FLUSH TABLES WITH READ LOCK does. */
const BACKUP_STAGES: Lock = {
  level: 'read-lock',
  acquire: [
    'BACKUP STAGE START',
    'BACKUP STAGE FLUSH',
    'BACKUP STAGE BLOCK_DDL',
    'BACKUP STAGE BLOCK_COMMIT',
  ],
  release: 'BACKUP STAGE END',
};

const hasBackupStages = (flavor: Flavor): boolean => isAtLeast(flavor, 'mariadb', 10, 5);

/** False when the lock is not to be had: by this account, in time, or on this kind of server. */
const beginUnder = async (
  { acquire, release }: Lock,
  guard: LaneConnection,
  lanes: readonly LaneConnection[],
): Promise<boolean> => {
  try {
    for (const sql of acquire) await guard.run(sql);
  } catch (error) {
    if (isConnectionLost(error)) throw error;
    // What was got of several stages is given back; without any, the server may call that an error too.
    await guard.run(release).catch(() => undefined);
    return false;
  }
  try {
    await beginAll(lanes);
    return true;
  } finally {
    await guard.run(release);
  }
};

const beginAll = async (lanes: readonly LaneConnection[]): Promise<void> => {
  await Promise.all(lanes.map(begin));
};

/** At another isolation level servers only warn, and go on without a snapshot. */
const begin = async (lane: LaneConnection): Promise<void> => {
  const { warningStatus } = await lane.run('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
  if (warningStatus === 0) {
    await lane.run(`SAVEPOINT ${SAVEPOINT}`);
    return;
  }
  const warnings = await lane.queryRows('SHOW WARNINGS');
  const text = warnings.map((row) => row[2]?.toString() ?? '').join('; ');
  throw new SyncError('COPY_FAILED', {
    message: `the source did not take a consistent snapshot: ${text}`,
  });
};

/**
 * Without any lock: MariaDB and Percona say at which position of the binary log a snapshot stands. A transaction
 * between two snapshots gives two positions, and then all are taken again. Plain MySQL says only what the server has
 * logged by now, which proves nothing about a commit in flight.
 */
const beginAtOnePosition = async (lanes: readonly LaneConnection[]): Promise<boolean> => {
  for (let attempt = 0; attempt < POSITION_ATTEMPTS; attempt += 1) {
    await beginAll(lanes);
    const positions = await Promise.all(lanes.map(readPosition));
    if (positions.includes(undefined)) break;
    if (new Set(positions).size === 1) return true;
  }
  return false;
};

const readPosition = async (lane: LaneConnection): Promise<string | undefined> => {
  const rows = await lane.queryRows(`SHOW STATUS LIKE 'binlog_snapshot_%'`);
  const values = new Map(rows.map(([name, value]) => [name?.toString().toLowerCase(), value?.toString()]));
  const [file, position] = [values.get('binlog_snapshot_file'), values.get('binlog_snapshot_position')];
  return file && position ? `${file}:${position}` : undefined;
};
