import { MOST_LOCKED_TABLES, type SnapshotLevel } from '../../../../core/change/copy-conditions.js';
import { SyncError } from '../../../../core/errors.js';
import type { Flavor } from '../../../../core/flavor.js';
import { supports } from '../../../../core/server/features.js';
import { hasPrivilege } from '../../../../core/server/grants.js';
import type { CopyBatch } from '../../../../engine/ports/row-engine.js';
import { isConnectionLost } from '../../connection/errors.js';
import { quoteTable } from '../../connection/identifiers.js';
import { SNAPSHOT_HINT } from '../../connection/server-conditions.js';
import type { LaneConnection } from './lane-connection.js';

/** Of every snapshot, at its start: going back to it lets go of the tables that were read since. */
export const SAVEPOINT = 'mysql_sync_start';

/** A lock that is not had within a second is given up: until then every write would wait behind it. */
const LOCK_SECONDS = 1;
/** So often all lanes are waited for, and so often some of them. */
const PATIENT_ATTEMPTS = 20;
const MOST_ATTEMPTS = 60;

/** What is going to be read. */
export type SnapshotScope = Pick<CopyBatch, 'sourceFacts' | 'databases'>;

export interface OpenSnapshots {
  readonly level: SnapshotLevel;
  /** Those whose snapshots are proven equal; the others are not to be used. */
  readonly lanes: readonly LaneConnection[];
  /** At which they stand in the binary log, as `FILE:POSITION`, where the server tells. */
  readonly position?: string;
  /** While the guard stays open, nobody changes the definition of a table. */
  readonly guardIsNeeded: boolean;
}

/**
 * Opens a snapshot on every lane at one moment, with the gentlest means that the server and the account allow. The
 * guard is one more connection to the same server, on which locks are held for as long as that takes.
 * @throws SyncError COPY_FAILED when a lane gets no snapshot
 */
export const openSnapshots = async (
  scope: SnapshotScope,
  guard: LaneConnection,
  lanes: readonly LaneConnection[],
): Promise<OpenSnapshots> => {
  const guardIsNeeded = lanes.length > 1 && (await lockDefinitions(guard, scope.sourceFacts.flavor));
  const snapshots = await beginEqually(scope, guard, lanes);
  // Not before: MariaDB would write it to the binary log of the source with each snapshot that is given up.
  const savepoints = snapshots.lanes.map((lane) => lane.run(`SAVEPOINT ${SAVEPOINT}`));
  const [position] = await Promise.all([tellPosition(scope, snapshots.lanes), ...savepoints]);
  return { ...snapshots, guardIsNeeded, ...(position === undefined ? {} : { position }) };
};

const beginEqually = async (
  scope: SnapshotScope,
  guard: LaneConnection,
  lanes: readonly LaneConnection[],
): Promise<Omit<OpenSnapshots, 'guardIsNeeded'>> => {
  const alone = lanes.slice(0, 1);
  if (lanes.length > 1) {
    for (const lock of listLocks(scope))
      if (await beginUnder(lock, guard, lanes)) return { level: lock.level, lanes };
    const equal = await beginAtOnePosition(lanes);
    if (equal.length > 1) return { level: 'equal-positions', lanes: equal };
  }
  await beginAll(alone);
  return { level: 'one-lane', lanes: alone };
};

/** MySQL 8 lets rows be written and makes ALTER TABLE wait. Elsewhere, or without the privilege, reading fails then. */
const lockDefinitions = async (guard: LaneConnection, flavor: Flavor): Promise<boolean> => {
  await guard.run(`SET SESSION lock_wait_timeout = ${LOCK_SECONDS}`);
  return supports(flavor, 'instanceBackupLock') && tryToRun(guard, ['LOCK INSTANCE FOR BACKUP']);
};

/** False when it is not to be had: by this account, in time, or on this kind of server. */
const tryToRun = async (guard: LaneConnection, statements: readonly string[]): Promise<boolean> => {
  try {
    // Not sent together: each may wait for its second, and writers behind all that are in line.
    for (const sql of statements) await guard.run(sql);
    return true;
  } catch (error) {
    if (isConnectionLost(error)) throw error;
    return false;
  }
};

interface Lock {
  readonly level: SnapshotLevel;
  readonly acquire: readonly string[];
  readonly release: string;
  /** Asked first, where taking the lock may hurt. */
  readonly isHarmless?: (guard: LaneConnection) => Promise<boolean>;
}

/** From the one that nobody notices to the one that most do. */
const listLocks = ({ sourceFacts, databases }: SnapshotScope): readonly Lock[] => {
  const names = databases.flatMap(({ from, tables }) =>
    tables.map(({ table }) => quoteTable(from, table.name)),
  );
  return [
    ...(supports(sourceFacts.flavor, 'backupStages') ? [BACKUP_STAGES] : []),
    ...(names.length === 0 || names.length > MOST_LOCKED_TABLES ? [] : [lockTables(names)]),
    ...(hasPrivilege(sourceFacts.grants, 'PROCESS') ? [FLUSH_TABLES] : []),
  ];
};

/** Waits for open transactions that wrote to one of the tables, and for nobody else. */
const lockTables = (names: readonly string[]): Lock => ({
  level: 'table-locks',
  acquire: [`LOCK TABLES ${names.map((name) => `${name} READ`).join(', ')}`],
  release: 'UNLOCK TABLES',
});

/**
 * Waits for every query, and when it gives up, the tables of a query that still runs stay closed to all others until
 * that query ends. So it is not tried beside one.
 */
const FLUSH_TABLES: Lock = {
  level: 'read-lock',
  acquire: ['FLUSH TABLES WITH READ LOCK'],
  release: 'UNLOCK TABLES',
  isHarmless: async (guard) => {
    const sessions = await guard.queryRows('SHOW PROCESSLIST');
    return !sessions.some((row) => isLongQuery(row.map((cell) => cell?.toString())));
  },
};

/** Columns of SHOW PROCESSLIST. */
const isLongQuery = ([, , , , command = '', seconds = '0']: readonly (string | undefined)[]): boolean =>
  ['Query', 'Execute'].includes(command) && Number(seconds) >= LOCK_SECONDS;

/** They wait for no query, and commits wait for them no longer than it takes to open the snapshots. */
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

const beginUnder = async (
  { acquire, release, isHarmless }: Lock,
  guard: LaneConnection,
  lanes: readonly LaneConnection[],
): Promise<boolean> => {
  if (isHarmless && !(await isHarmless(guard))) return false;
  if (!(await tryToRun(guard, acquire))) {
    // What was got of several stages is given back; without any, the server may call that an error too.
    await tryToRun(guard, [release]);
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
  if (warningStatus === 0) return;
  const warnings = await lane.queryRows('SHOW WARNINGS');
  const text = warnings.map((row) => row[2]?.toString() ?? '').join('; ');
  throw new SyncError('COPY_FAILED', {
    message: `the source did not take a consistent snapshot: ${text}`,
    hints: [SNAPSHOT_HINT],
  });
};

/**
 * Without any lock: MariaDB and Percona say at which position of the binary log a snapshot stands. A transaction
 * between two snapshots gives two positions, and then all are taken again; on a busy server some lanes at one
 * position have to do. Plain MySQL says only what the server has logged by now, which proves
 * nothing about a commit in flight.
 */
const beginAtOnePosition = async (lanes: readonly LaneConnection[]): Promise<readonly LaneConnection[]> => {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const equal = await beginAndCompare(lanes);
    const isEnough = attempt < PATIENT_ATTEMPTS ? equal.length === lanes.length : equal.length > 1;
    if (isEnough || equal.length === 0) return equal;
  }
  return [];
};

/** The largest group of lanes whose snapshots stand at one position; none when the server does not say. */
const beginAndCompare = async (lanes: readonly LaneConnection[]): Promise<readonly LaneConnection[]> => {
  await beginAll(lanes);
  const groups = new Map<string, LaneConnection[]>();
  for (const lane of lanes) {
    // One lane at a time, and twice: the server keeps the answer in one place for all its sessions.
    const [position, again] = [await readPosition(lane), await readPosition(lane)];
    if (position === undefined || position !== again) continue;
    groups.set(position, [...(groups.get(position) ?? []), lane]);
  }
  return [...groups.values()].sort((a, b) => b.length - a.length)[0] ?? [];
};

/** Sent with what is sent anyway. All lanes see one moment, and the server's one place for the answer is asked twice. */
const tellPosition = async (
  { sourceFacts: { flavor, hasBinaryLog } }: SnapshotScope,
  [lane]: readonly LaneConnection[],
): Promise<string | undefined> => {
  if (!lane || !hasBinaryLog || !supports(flavor, 'snapshotPositions')) return undefined;
  const [position, again] = await Promise.all([readPosition(lane), readPosition(lane)]);
  return position === again ? position : undefined;
};

const readPosition = async (lane: LaneConnection): Promise<string | undefined> => {
  const rows = await lane.queryRows(`SHOW STATUS LIKE 'binlog_snapshot_%'`);
  const values = new Map(rows.map(([name, value]) => [name?.toString().toLowerCase(), value?.toString()]));
  const [file, position] = [values.get('binlog_snapshot_file'), values.get('binlog_snapshot_position')];
  return file && position ? `${file}:${position}` : undefined;
};
