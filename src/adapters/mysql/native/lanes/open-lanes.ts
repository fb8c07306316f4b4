import type { SnapshotLevel } from '../../../../core/change/copy-conditions.js';
import type { CopyJob } from '../../../../engine/ports/row-engine.js';
import { together } from '../../connection/together.js';
import type { BatchSnapshot } from './batch-snapshot.js';
import type { LaneConnection } from './lane-connection.js';
import { type CopyConnections, Lane } from './lanes.js';
import { checkSameServer } from './several-connections.js';
import { openSnapshots } from './snapshot-barrier.js';

/** Connections to both servers, before they are lanes. */
interface OpenEnds {
  readonly sources: readonly LaneConnection[];
  readonly targets: readonly [LaneConnection, ...LaneConnection[]];
}

/** @throws SyncError CONN_*, COPY_FAILED when they are not all of one server each */
export const openEnds = async (
  job: CopyJob,
  wanted: number,
  connections: CopyConnections,
  batch: BatchSnapshot | undefined,
): Promise<OpenEnds> => {
  const borrowed = batch && connections.borrow(batch, wanted);
  const [sources, targets] = await Promise.all([
    // One source connection more than lanes: it holds the locks while the others take their snapshots.
    borrowed ?? connections.open('source', wanted > 1 ? wanted + 1 : 1),
    connections.open('target', borrowed?.length ?? wanted),
  ]);
  await together([
    ...(borrowed ? [] : [checkSameServer(job.source, sources)]),
    checkSameServer(job.target, targets),
  ]);
  return { sources, targets };
};

export interface OpenLanes {
  readonly lanes: readonly Lane[];
  readonly level: SnapshotLevel;
  readonly position?: string | undefined;
}

/** With a snapshot each, all of one moment. @throws SyncError COPY_FAILED */
export const pairLanes = async (
  job: CopyJob,
  { sources: opened, targets }: OpenEnds,
  connections: CopyConnections,
  batch: BatchSnapshot | undefined,
): Promise<OpenLanes> => {
  const pair = (sources: readonly LaneConnection[]): readonly Lane[] =>
    sources.flatMap((source, index) => {
      const target = targets[index];
      return target ? [new Lane(source, target)] : [];
    });
  if (batch) {
    await connections.closeSome(opened.slice(targets.length));
    return { lanes: pair(opened), level: batch.level, position: batch.position };
  }
  const [guard, ...others] = opened;
  if (!guard) return { lanes: [], level: 'one-lane' };
  const sources = others.length === 0 ? [guard] : others.slice(0, targets.length);
  const { level, position, lanes, guardIsNeeded } = await openSnapshots(
    { sourceFacts: job.sourceFacts, databases: [job] },
    guard,
    sources,
  );
  const pairs = pair(lanes);
  const used = new Set(pairs.flatMap(({ source, target }) => [source, target]));
  if (guardIsNeeded) used.add(guard);
  await connections.closeSome([...opened, ...targets].filter((connection) => !used.has(connection)));
  return { lanes: pairs, level, position };
};
