import { readsByOwnSql } from '../../../../core/mask/table-masks.js';
import type { TableName } from '../../../../core/names.js';
import type { CopyJob } from '../../../../engine/ports/row-engine.js';
import type { CopyTable } from '../../../../engine/ports/rows.js';
import { explainFailure } from '../../connection/failures.js';
import { listKeyColumns } from '../../rows/split-key.js';
import type { LanePool } from '../lanes/lane-pool.js';
import type { LaneConnection } from '../lanes/lane-connection.js';
import type { RowList } from '../read/row-list.js';
import type { Lane } from '../lanes/lanes.js';
import { chooseListing, mayBeHashed } from '../statements/patch-sql.js';
import { quotePlace } from '../statements/table-sql.js';
import type { ProgressMeter } from './copy-progress.js';
import type { PatchScope } from './compare-range.js';
import type { Preparations } from './table-preparation.js';
import { type Patch, type UseLane, findPatch } from './find-patch.js';

interface Context {
  readonly job: CopyJob;
  /** Tables that stand as they are loaded, with rows of a copy that was not finished. */
  readonly loading: Preparations;
  readonly pool: LanePool<Lane>;
  readonly meter: ProgressMeter;
  readonly rangeRows: number | undefined;
  readonly isFar: () => boolean;
}

/** Of the staged tables that have rows of an earlier moment, those of which a patch makes those of the source. The others of them are emptied. */
export const findPatches = async (context: Context): Promise<ReadonlyMap<TableName, Patch>> => {
  const patches = new Map<TableName, Patch>();
  const lists = new WeakMap<LaneConnection, RowList>();
  const find = async (entry: CopyTable): Promise<void> => {
    const scope = openScope(context, entry, lists);
    const use = openUse(context, entry);
    const patch = await findPatch(scope, context.rangeRows ?? countRangeRows(entry), use);
    if (patch) {
      patches.set(entry.table.name, patch);
      // Whoever waits sees them as done: of a table of which most stays, nothing else would move.
      patch.tally.tell((rows) => context.meter.add(rows, 0));
    } else await use(({ target }) => target.run(`TRUNCATE TABLE ${quotePlace(scope.into)}`));
  };
  const isFilled = (entry: CopyTable): boolean =>
    entry.isFilled === true || context.loading.has(entry.table.name);
  await Promise.all(context.job.tables.filter(isFilled).map(find));
  return patches;
};

/** Few enough to be listed in memory, and that one change makes few be listed. */
const MOST_RANGE_ROWS = 10_000;
const MOST_RANGE_BYTES = 2_097_152;

const countRangeRows = ({ table }: CopyTable): number => {
  const rowBytes = table.dataBytes / Math.max(1, table.rowsEstimate);
  return Math.max(1, Math.min(MOST_RANGE_ROWS, Math.floor(MOST_RANGE_BYTES / Math.max(1, rowBytes))));
};

const openScope = (
  { job, loading, isFar }: Context,
  entry: CopyTable,
  lists: PatchScope['lists'],
): PatchScope => ({
  sql: { entry, columns: [], key: listKeyColumns(entry.table) },
  from: { database: job.from, table: entry.table.name },
  into: {
    database: job.into,
    table: loading.get(entry.table.name)?.loading?.name ?? entry.table.name,
  },
  isUnfinished: entry.isUnfinished === true || loading.has(entry.table.name),
  lists,
  listing: chooseListing(entry, isFar()),
  isHashed: mayBeHashed(entry, isFar()),
});

const openUse =
  ({ job, pool, meter }: Context, { table: { name, dataBytes }, masks }: CopyTable): UseLane =>
  (work) =>
    pool.use({ group: name, bytes: dataBytes, stage: 'copy' }, async (lane) => {
      try {
        lane.enter(name);
        // Rows that are listed pass mysql2 by.
        await lane.entered;
        return await meter.follow(name, () => work(lane));
      } catch (error) {
        throw explainFailure(error, {
          code: 'COPY_FAILED',
          what: `cannot compare table ${job.from}.${name}`,
          isPrivate: readsByOwnSql(masks),
        });
      }
    });
