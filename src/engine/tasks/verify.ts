import { SyncError } from '../../core/errors.js';
import { comparedPart } from '../../core/mask/table-masks.js';
import type { DatabaseName, TableName } from '../../core/names.js';
import type { Verification } from '../../core/run/outcome.js';
import type { TableInventory } from '../../core/server/inventory.js';
import type { VerifyLevel } from '../../core/plan/sync-plan.js';
import { forEachConcurrently } from '../../core/concurrency.js';
import type { CopyTable, TableDigest } from '../ports/rows.js';
import type { Snapshot } from '../ports/server.js';
import type { CopiedDatabase, DatabaseRun, StagedDatabase } from '../run-context.js';
import { explainRows } from '../explain-rows.js';
import { diffStructures, explainStructure } from '../explain-structure.js';
import { tablesToFill } from './copy.js';
import { readTables } from '../read-tables.js';
import { formatCount, formatPlural } from '../../core/plural.js';

export type SourceDigests = ReadonlyMap<TableName, TableDigest>;

/** Digests of the staged copy run on two connections: a server uses one core for each. */
const VERIFY_LANES = 2;
/** What one connection has read before a second one is there. */
const ONE_LANE_BYTES = 4_194_304;

const countLanes = (tables: readonly CopyTable[]): number => {
  const bytes = tables.reduce((sum, { table }) => sum + table.dataBytes, 0);
  return Math.min(tables.length, bytes < ONE_LANE_BYTES ? 1 : VERIFY_LANES);
};

/**
 * Digests of the source, in a snapshot that was opened before the copy began, read while the rows travel. Without a
 * digest, but with the number of rows, when the plan asks for counts only.
 */
export const digestSource = async (
  { change, plan, signals }: DatabaseRun,
  { tables }: StagedDatabase,
  snapshot: Snapshot,
): Promise<SourceDigests> => {
  const digests = new Map<TableName, TableDigest>();
  for (const { table, where } of tablesToFill(change, tables)) {
    if (signals.abort.aborted) break;
    digests.set(table.name, await compareBy(plan.options.verify, snapshot, change.from, { table, where }));
  }
  return digests;
};

/** By counts the digest is the same for all rows. */
const compareBy = async (
  level: VerifyLevel,
  snapshot: Snapshot,
  database: DatabaseName,
  rows: CopyTable,
): Promise<TableDigest> =>
  level === 'digest'
    ? snapshot.digestTable(database, rows)
    : { rows: await snapshot.countTable(database, rows.table, rows.where), digest: '' };

/**
 * Compares the staged copy with the source before anything live changes: structure by fingerprint, rows by the count
 * that left the source, content by digest. Gives the staged tables as they are now, filled.
 */
export const verifyCopy = async (
  context: DatabaseRun,
  staged: StagedDatabase,
  copied: CopiedDatabase,
  sourceDigests: SourceDigests,
): Promise<{ readonly verification: Verification; readonly tables: readonly TableInventory[] }> => {
  const tables = await verifyStructure(context, staged);
  const fill = tablesToFill(context.change, staged.tables);
  const sent = new Map(copied.tables.map((table) => [table.name, table]));
  const open = fill.filter(({ table }) => sent.get(table.name)?.proof === undefined);
  const movedOnSource: TableName[] = [];
  const lanes = countLanes(open);
  const snapshots = await Promise.all(Array.from({ length: lanes }, () => context.target.openSnapshot()));
  const idle = [...snapshots];
  try {
    await forEachConcurrently(open, lanes, async (entry) => {
      const snapshot = idle.pop();
      if (!snapshot) return;
      const { name } = entry.table;
      const hasMoved = await verifyTable(
        context,
        entry,
        snapshot,
        sent.get(name)?.rows ?? 0,
        sourceDigests.get(name),
      );
      if (hasMoved === 'moved') movedOnSource.push(name);
      idle.push(snapshot);
    });
  } finally {
    await Promise.all(snapshots.map((snapshot) => snapshot.close()));
  }
  const verification = {
    digested:
      (context.plan.options.verify === 'digest' ? sourceDigests.size - movedOnSource.length : 0) +
      copied.tables.filter(({ proof }) => proof === 'digest').length,
    counted: fill.length,
    movedOnSource,
  };
  return { verification, tables };
};

const differs = ({ change }: DatabaseRun, what: string): SyncError =>
  new SyncError('VERIFY_DIFFERENT', {
    message: `${change.to}: the staged copy differs from the source: ${what}`,
    hints: ['The copy was dropped before the swap; the target is unchanged.'],
  });

/** Each table is what it is on the source: a server may take a definition and make something else of it. */
export const verifyStructure = async (
  context: DatabaseRun,
  { tables }: Pick<StagedDatabase, 'tables'>,
): Promise<readonly TableInventory[]> => {
  const found = await readTables(context.target, context.journal.staging);
  const staged = new Map(found.map(({ name, fingerprint }) => [name, fingerprint]));
  for (const { name, fingerprint } of tables) {
    if (!staged.has(name)) throw differs(context, `table ${name} is missing`);
    if (staged.get(name) !== fingerprint)
      throw differs(context, `table ${name} ${await describeStructures(context, name)}`);
  }
  if (staged.size !== tables.length)
    throw differs(context, `${formatPlural(staged.size, 'table')} instead of ${formatCount(tables.length)}`);
  return found;
};

const describeStructures = async (
  { source, target, change, journal }: DatabaseRun,
  name: TableName,
): Promise<string> => {
  const places = { from: change.from, to: journal.staging };
  const diffs = await diffStructures({ source, target }, places, [name]);
  return explainStructure(diffs.get(name) ?? []);
};

const verifyTable = async (
  context: DatabaseRun,
  entry: CopyTable,
  staged: Snapshot,
  sentRows: number,
  sourceDigest: TableDigest | undefined,
): Promise<'same' | 'moved'> => {
  const { staging } = context.journal;
  const { name } = entry.table;
  const level = sourceDigest ? context.plan.options.verify : 'counts';
  const table = comparedPart(entry.table, entry.masks);
  const copy = await compareBy(level, staged, staging, { table, where: null });
  if (copy.rows !== sentRows)
    throw differs(
      context,
      `table ${name} has ${formatPlural(copy.rows, 'row')}, and ${formatCount(sentRows)} left the source`,
    );
  if (!sourceDigest || isSame(copy, sourceDigest)) return 'same';
  return compareWithLaterSnapshot(context, entry, copy, sourceDigest);
};

const isSame = (a: TableDigest, b: TableDigest): boolean => a.rows === b.rows && a.digest === b.digest;

/**
 * The dump reads in a snapshot that cannot be shared, so a table that is written to meanwhile agrees with neither
 * digest. Two snapshots of the source that differ prove such writes; two that agree with each other but not with the
 * copy prove damage.
 */
const compareWithLaterSnapshot = async (
  context: DatabaseRun,
  entry: CopyTable,
  copy: TableDigest,
  before: TableDigest,
): Promise<'same' | 'moved'> => {
  const later = await context.source.openSnapshot(context.plan.mask?.key);
  try {
    const now = await compareBy(context.plan.options.verify, later, context.change.from, entry);
    if (isSame(now, copy)) return 'same';
    if (!isSame(now, before)) return 'moved';
    throw differs(
      context,
      copy.rows === before.rows
        ? `the rows of table ${entry.table.name} are not the same${await explainRows(later, context, context.change.from, entry)}`
        : `table ${entry.table.name} has ${formatPlural(copy.rows, 'row')}, and the source has ${formatCount(before.rows)}`,
    );
  } finally {
    await later.close();
  }
};
